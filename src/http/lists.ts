import type { DriverBody, DriversBody, TripsBody, TripsQuery } from "../protocol/http-bodies.ts";
import { type PageEnd, cursorOf } from "../protocol/cursor.ts";
import { driverId, tripId } from "../domain/ids.ts";
import { driversQuery, tripsQuery } from "../protocol/http-bodies.ts";
import { forbidden, guarded, unregistered } from "./guard.ts";
import type { Desk, Identity } from "../session/desk.ts";
import type { DriverListed, TripFilter } from "../log/lists.ts";
import type { HttpPorts } from "./ports.ts";
import type { Route } from "../socket/port.ts";
import type { TripListRow } from "../domain/row.ts";
import { json } from "./replies.ts";
import { parseQuery } from "../protocol/parse.ts";
import { tripById } from "./trip-by-id.ts";
import { viewTrip } from "../publish/trip-view.ts";

/** `GET /trips`, newest first: an operator's, or one's own. */
export const listTrips = ({ desk, lists, clock, ...ports }: HttpPorts): Route =>
  guarded(
    ports,
    ["passenger", "driver", "admin"],
    (request) => parseQuery(tripsQuery, request.query),
    async ({ identity, content }) => {
      const stranger = await unregistered(desk, identity);
      if (stranger) return stranger;
      const filter = onlyOwn(identity, content);
      if (filter === null) return forbidden("you may list your own trips");
      const page = await pageOf(content.limit, (limit) => lists.trips(filter, limit, content.cursor));
      const view = async (found: (typeof page.items)[number]) => {
        const row: TripListRow = { table: "trip", ...found };
        return viewTrip(desk, row, await etaOf(desk, row), identity.role, clock.wall());
      };
      const body: TripsBody = {
        items: await Promise.all(page.items.map(view)),
        next_cursor: next(page, ({ requestedAt: at, id }) => ({ at, id })),
      };
      return json(200, body);
    },
  );

/** `GET /drivers`, newest change of status first. */
export const listDrivers = ({ desk, lists, ...ports }: HttpPorts): Route =>
  guarded(
    ports,
    ["admin"],
    (request) => parseQuery(driversQuery, request.query),
    async ({ content: { status, q, limit, cursor } }) => {
      const filter = { status, driverId: null, q };
      const page = await pageOf(limit, (more) => lists.drivers(filter, more, cursor));
      const body: DriversBody = {
        items: page.items.map((row) => driverItem(desk, row)),
        next_cursor: next(page, ({ since: at, id }) => ({ at, id })),
      };
      return json(200, body);
    },
  );

/**
 * P61: what the caller may list; null: somebody else's. A driver's trips would tell a passenger who that is (S7), and
 * a search by names what they are (P207).
 */
const onlyOwn = ({ role, sub }: Identity, query: TripsQuery): TripFilter | null => {
  const { status, driver_id: driverId, passenger_id: passengerId, q } = query;
  const filter = { status, driverId, passengerId, q };
  if (role !== "admin" && q !== null) return null;
  if (role === "passenger") {
    const own = filter.driverId === null && (filter.passengerId ?? sub) === sub;
    return own ? { ...filter, passengerId: sub } : null;
  }
  if (role === "driver") return (filter.driverId ?? sub) === sub ? { ...filter, driverId: sub } : null;
  return filter;
};

interface Page<Row> {
  readonly items: readonly Row[];
  readonly more: boolean;
}
/** One row more than asked for tells whether there is a next page. */
const pageOf = async <Row>(
  limit: number,
  read: (limit: number) => Promise<readonly Row[]>,
): Promise<Page<Row>> => {
  const rows = await read(limit + 1);
  return { items: rows.slice(0, limit), more: rows.length > limit };
};
const next = <Row>({ items, more }: Page<Row>, endOf: (row: Row) => PageEnd): string | null =>
  more ? cursorOf(endOf(items.at(-1)!)) : null;

/** Only the trip in memory knows it, and may have moved on since the row was read. */
const etaOf = async (desk: Desk, { id, status, driverId }: TripListRow): Promise<number | null> => {
  if (status !== "accepted" && status !== "en_route") return null;
  const now = await tripById(desk, tripId(id));
  return now?.row.driverId === driverId ? now.etaS : null;
};

const driverItem = (desk: Desk, row: DriverListed): DriverBody => {
  const id = driverId(row.id);
  const fix = desk.placeOfDriver(id)?.locations.where(id);
  return {
    driver_id: id,
    first_name: row.firstName,
    last_name: row.lastName,
    vehicle_type: row.vehicleType,
    license_plate: row.licensePlate,
    status: row.status as DriverBody["status"],
    order_id: row.tripId,
    lat: fix?.lat ?? null,
    lng: fix?.lng ?? null,
    seen_at: fix ? new Date(fix.at).toISOString() : null,
    since: new Date(row.since).toISOString(),
    misses: row.misses,
  };
};
