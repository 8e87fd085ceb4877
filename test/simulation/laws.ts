import type { Actor } from "../../src/market/ports.ts";
import type { EventRow } from "../../src/domain/row.ts";
import type { History } from "../../src/log/history.ts";
import type { TripContext } from "../../machines/context.ts";
import type { Written } from "./written.ts";
import { asDriver, asTrip, meaning } from "../../src/meaning.ts";
import { fold } from "../../src/market/fold.ts";
import { tripLive } from "../../machines/trip-facts.ts";
import { verifyMarket } from "../../src/replay/verify-market.ts";

// What must hold of a log, whatever happened while it was written.

type Find = (law: string, what: string) => void;

/** I1 to I4, I7, I10 and P80, row by row in the order of the commits. */
export const checkRows = (log: Written, find: Find): void => {
  const actors = new Map<string, Actor>();
  const positions = new Map<number, EventRow>();
  const keys = new Set<string>();
  /** Who holds which trip, both ways; and where each driver works. */
  const tripOf = new Map<string, string>();
  const driverOf = new Map<string, string>();
  const worksIn = new Map<string, number>();

  for (const row of log.all()) {
    const key = `${row.market}:${row.actorKind}:${row.actorId}`;
    const name = `row ${row.position} of market ${row.market} (${row.actorId} ${row.type})`;
    const before = actors.get(key);
    const after = fold(before, row);
    actors.set(key, after);

    const last = positions.get(row.market);
    positions.set(row.market, row);
    if (row.position !== (last?.position ?? 0) + 1) find("I2", `${name} follows position ${last?.position}`);
    if (row.epoch < (last?.epoch ?? 0)) find("I2", `${name} is of epoch ${row.epoch}, after ${last?.epoch}`);
    if (row.seq !== (before?.seq ?? 0) + 1) find("I2", `${name} has seq ${row.seq} after ${before?.seq}`);
    if (before?.kind === "trip" && !tripLive(asTrip(before).state))
      find("I3", `${name} changes an actor that had ended`);
    if (row.commandId !== null) {
      const command = row.commandId.slice(row.commandId.indexOf(":") + 1);
      if (keys.has(command)) find("I4", `${name} is the command ${command} once more`);
      keys.add(command);
    }
    if (row.actorKind === "trip") {
      checkClaim(after, tripOf, driverOf, (what) => find("I1", `${name}: ${what}`));
      checkMoney(before, after, (what) => find("I7", `${name}: ${what}`));
    } else {
      if ((row.type === "offer" || row.type === "assign") && before?.state !== "idle")
        find("I10", `${name} asks a driver who is ${before?.state}`);
      const elsewhere = worksIn.get(row.actorId);
      if (after.state === "offline") {
        if (elsewhere === row.market) worksIn.delete(row.actorId);
      } else if (elsewhere !== undefined && elsewhere !== row.market)
        find("P80", `${name}: they work in market ${elsewhere} too`);
      else worksIn.set(row.actorId, row.market);
    }
  }
};

const checkClaim = (
  trip: Actor,
  tripOf: Map<string, string>,
  driverOf: Map<string, string>,
  find: (what: string) => void,
): void => {
  const had = driverOf.get(trip.id);
  const claim = meaning.claim(trip);
  if (had !== undefined && had !== claim?.driverId) {
    driverOf.delete(trip.id);
    if (tripOf.get(had) === trip.id) tripOf.delete(had);
  }
  if (claim === null) return;
  const other = tripOf.get(claim.driverId);
  if (other !== undefined && other !== trip.id) find(`${claim.driverId} has ${other} as well`);
  tripOf.set(claim.driverId, trip.id);
  driverOf.set(trip.id, claim.driverId);
};

const checkMoney = (before: Actor | undefined, after: Actor, find: (what: string) => void): void => {
  const { fare, cancelled } = asTrip(after).context as Partial<TripContext>;
  if (fare === undefined) return find("no fare");
  for (const amount of [fare.amount, cancelled?.fee ?? 0])
    if (!Number.isSafeInteger(amount) || amount < 0) find(`${amount} is no amount of money`);
  if (before !== undefined && asTrip(before).context.fare?.currency !== fare.currency)
    find("another currency");
};

/** I5: every turn decided again, and all that is kept beside the log. */
export const checkReplay = async (history: History, find: Find): Promise<void> => {
  for (const { id } of await history.markets()) {
    const { first } = await verifyMarket(history, meaning, id);
    for (const difference of first) find("I5", JSON.stringify(difference));
  }
};

/** I6, once everything has healed and been quiet: nobody waits for anything. */
export const checkEnds = (log: Written, find: Find): void => {
  for (const actor of log.folded().values()) {
    if (actor.kind === "trip" && tripLive(asTrip(actor).state))
      find("I6", `trip ${actor.id} is still ${actor.state}`);
    if (actor.kind === "driver" && asDriver(actor).state !== "idle" && asDriver(actor).state !== "offline")
      find("I6", `${actor.id} is still ${actor.state}`);
  }
};
