import { arraysOf, driverColumns, eventColumns, rowsFrom, tripColumns, type Column } from "./columns.ts";
import type { Batch, ClaimMove } from "./log.ts";
import type { Claim, DriverListRow, TripListRow } from "../domain/row.ts";
import type { MarketId } from "../domain/ids.ts";

const claimColumns: readonly Column<Claim>[] = [
  ["driver_id", "text", (claim) => claim.driverId],
  ["trip_id", "text", (claim) => claim.tripId],
];

const moveColumns: readonly Column<ClaimMove>[] = [
  ["trip_id", "text", (move) => move.tripId],
  ["from_driver", "text", (move) => move.from],
  ["to_driver", "text", (move) => move.to],
];

/** $1 market, $2 epoch, $3 from, $4 to, $5 sign of life; then one array a column. */
const released = rowsFrom(6, claimColumns);
const moved = rowsFrom(released.next, moveColumns);
const claimed = rowsFrom(moved.next, claimColumns);
const trips = rowsFrom(claimed.next, tripColumns);
const drivers = rowsFrom(trips.next, driverColumns);
const events = rowsFrom(drivers.next, eventColumns);

/**
 * One statement, one round trip, one transaction. The update of `market` is the fence and the retry
 * test (E11): where it finds no row, nothing else finds one. It returns one row when it wrote.
 */
export const appendStatement = `
with fence as (
  update market set position = $4, alive_at = greatest(alive_at, $5)
  where id = $1 and epoch = $2 and position = $3 returning id as market
), released as (
  delete from claim using fence, ${released.rows}
  where claim.market = fence.market and claim.driver_id = row.driver_id and claim.trip_id = row.trip_id
), moved as (
  update claim set driver_id = row.to_driver from fence, ${moved.rows}
  where claim.market = fence.market and claim.trip_id = row.trip_id and claim.driver_id = row.from_driver
), claimed as (
  insert into claim (market, ${claimed.names}) select market, ${claimed.values} from fence, ${claimed.rows}
), trips as (
  insert into trip (market, ${trips.names}) select market, ${trips.values} from fence, ${trips.rows}
  on conflict (id, market) do update set ${trips.updates}
), drivers as (
  insert into driver_status (market, ${drivers.names}) select market, ${drivers.values} from fence, ${drivers.rows}
  on conflict (id, market) do update set ${drivers.updates}
), events as (
  insert into event (market, ${events.names}) select market, ${events.values} from fence, ${events.rows}
)
select market from fence`;

export const appendParameters = (
  market: MarketId,
  epoch: number,
  batch: Batch,
): (string | number | null)[] => {
  const tripRows = batch.lists.filter((row): row is TripListRow => row.table === "trip");
  const driverRows = batch.lists.filter((row): row is DriverListRow => row.table === "driver_status");
  // One passenger's ended trip goes before their next one, or the two would meet in `trip_live`.
  tripRows.sort((a, b) => a.requestedAt - b.requestedAt);
  return [
    market,
    epoch,
    batch.from,
    batch.to,
    batch.aliveAt,
    ...arraysOf(claimColumns, batch.released),
    ...arraysOf(moveColumns, batch.moved),
    ...arraysOf(claimColumns, batch.claimed),
    ...arraysOf(tripColumns, tripRows),
    ...arraysOf(driverColumns, driverRows),
    ...arraysOf(eventColumns, batch.rows),
  ];
};
