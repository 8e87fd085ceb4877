import { isPosition, type Position } from "../../../src/domain/geo.ts";
import { number, readTable, type Layout } from "./read-table.ts";

/** One recorded ride, as its file tells it. */
export interface Pickup {
  readonly id: string;
  readonly epochS: number;
  /** How exact the recorder's clock is: 60 where it knows only minutes. */
  readonly exactS: 1 | 60;
  /** The city's wall clock as the file gives it, `2014-04-02T00:00:00`. */
  readonly local: string;
  readonly at: Position;
  /** Null: the file does not say. */
  readonly dropoff: Position | null;
}

/** By time; those of the same moment in file order. */
export const readPickups = async (file: string): Promise<readonly Pickup[]> => {
  const pickups: Pickup[] = [];
  for await (const pickup of readTable(file, layouts)) pickups.push(pickup);
  if (pickups.length === 0) throw new Error(`${file}: no requests in it`);
  return pickups.sort((a, b) => a.epochS - b.epochS);
};

const layouts: readonly Layout<Pickup>[] = [
  {
    name: "nyc-uber",
    columns: ["id", "t_local", "t_epoch", "lat", "lon"],
    holds: "a time and a position",
    row: ([id = "", local = "", epoch, lat, lng]) => {
      const pickup = {
        id,
        epochS: number(epoch),
        exactS: 60,
        local,
        at: position(lat, lng),
        dropoff: null,
      } as const;
      return isSound(pickup) ? pickup : null;
    },
  },
  {
    name: "nyc-taxi, austin-rideaustin, sf-cabs",
    columns: ["id", "pickup_local", "pickup_epoch", "pickup_lat", "pickup_lon", "dropoff_lat", "dropoff_lon"],
    holds: "a time and two positions",
    row: ([id = "", local = "", epoch, lat, lng, toLat, toLng]) => {
      const dropoff = position(toLat, toLng);
      const pickup = {
        id,
        epochS: number(epoch),
        exactS: 1,
        local,
        at: position(lat, lng),
        dropoff,
      } as const;
      return isSound(pickup) ? pickup : null;
    },
  },
];

const position = (lat?: string, lng?: string): Position => ({ lat: number(lat), lng: number(lng) });

const isSound = ({ epochS, at, dropoff }: Pickup): boolean =>
  Number.isFinite(epochS) &&
  isPosition(at.lat, at.lng) &&
  (dropoff === null || isPosition(dropoff.lat, dropoff.lng));
