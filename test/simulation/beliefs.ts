import type { Answered, Driver } from "./driver.ts";
import type { Operator } from "./operator.ts";
import type { Passenger } from "./passenger.ts";
import type { Phone } from "./network.ts";
import type { Written } from "./written.ts";
import type { TripState } from "../../machines/context.ts";
import { asDriver } from "../../src/meaning.ts";
import { tripLive } from "../../machines/trip-facts.ts";

type Find = (law: string, what: string) => void;

export interface Everybody {
  readonly drivers: readonly Driver[];
  readonly passengers: readonly Passenger[];
  readonly operators: readonly Operator[];
}

/** I11: after the healing everybody is back, and what their apps show is what the log says. */
export const checkBeliefs = (
  log: Written,
  { drivers, passengers, operators }: Everybody,
  find: Find,
): void => {
  for (const person of [...drivers, ...passengers, ...operators])
    if (!person.believes().connected) find("I11", `${person.name} did not come back`);
  const actors = [...log.folded().values()];

  for (const driver of drivers) {
    const online = actors.filter(
      ({ kind, id, state }) => kind === "driver" && id === driver.name && state !== "offline",
    );
    const [actor] = online;
    if (online.length !== 1)
      find("I6", `${driver.name} wants to work and is online in ${online.length} markets`);
    const tripId = actor === undefined ? null : asDriver(actor).context.tripId;
    const { orderId } = driver.believes();
    if (orderId !== tripId)
      find("I11", `${driver.name}'s app shows the order ${orderId}, the log says ${tripId}`);
  }
  for (const passenger of passengers)
    for (const [id, { seq, status }] of passenger.trips) {
      const newest = log.rowsOf("trip", id).at(-1);
      if (newest?.seq !== seq || log.statusOf(newest) !== status)
        find(
          "I11",
          `${passenger.name}'s app shows ${id} ${status} at seq ${seq}, the log says ${newest?.toState} at ${newest?.seq}`,
        );
    }
  const live = actors.filter(({ kind, state }) => kind === "trip" && tripLive(state as TripState));
  for (const operator of operators) {
    const shown = [...operator.orders.keys()].toSorted().join(" ");
    const there = live
      .map(({ id }) => id)
      .toSorted()
      .join(" ");
    if (shown !== there)
      find("I11", `${operator.name}'s console shows the orders [${shown}], the log says [${there}]`);
  }
};

/** An answer so soon after the offer leaves time for everything to be said again after a short silence. */
const PROMPT_MS = 5_000;
const OFFER_MS = 16_500;

/**
 * Nobody is punished for what the server went through: an offer answered at once, by a phone that had no trouble,
 * is no miss (M7, M8).
 */
export const checkMisses = (
  log: Written,
  answered: readonly Answered[],
  phones: ReadonlyMap<string, Phone>,
  disturbed: (driver: string, from: number, until: number) => boolean,
  find: Find,
): void => {
  const byOffer = new Map(answered.map((one) => [one.offerId + one.driver, one]));
  for (const row of log.all()) {
    if (row.type !== "offer.due") continue;
    const offerId = row.body["offerId"] as string;
    const offer = log.rowsOf("trip", row.actorId).find(({ position }) => String(position) === offerId);
    if (offer === undefined) {
      find("I5", `offer ${offerId} of ${row.actorId} ran out, and the log does not have it`);
      continue;
    }
    const driver = offer.body["driverId"] as string;
    const answer = byOffer.get(offerId + driver);
    if (answer === undefined || answer.lost || answer.answeredAt - answer.heardAt > PROMPT_MS) continue;
    const until = answer.heardAt + OFFER_MS;
    const troubled = phones
      .get(driver)
      ?.troubles.some((one) => one.from < until && one.until > answer.heardAt - OFFER_MS);
    // One in quarantine does not hear of it, so it is none of theirs (M61).
    const heard = log
      .rowsOf("driver", driver)
      .some(({ market, causedBy }) => market === row.market && causedBy === row.position);
    if (!heard || troubled || disturbed(driver, answer.heardAt, until)) continue;
    find("M8", `${driver} answered offer ${offerId} of ${row.actorId} in time, and it counts as missed`);
  }
};
