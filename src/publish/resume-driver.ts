import type { Desk, Place } from "../session/desk.ts";
import type { DriverContext, DriverState, TripContext, TripState } from "../../machines/context.ts";
import type { DriverId, OfferId, TripId } from "../domain/ids.ts";
import { forDriver, wholeTrip } from "./order-update.ts";
import type { Actor } from "../market/ports.ts";
import type { DriverWelcome } from "../protocol/server-messages.ts";
import type { Lanes } from "./lane.ts";
import { driverStatusOf } from "../../machines/context.ts";
import { etaToPickup } from "./trip-view.ts";
import { ms } from "../domain/time.ts";
import { offeredOrder, toDriver } from "./new-order.ts";
import { tripListRow } from "../../machines/trip-facts.ts";

type Resume = DriverWelcome["resume"];
const nothing: Resume = { status: "offline", order: null, offers: [] };

/**
 * What a driver who connects must know: their status, their trip, their offer. Driver and trip are read at
 * one point of the market's order, and `done` is called in the order of the pushes: what comes after it is
 * news, what came before is in it (P34). Null: the log does not answer.
 */
export const createResumeDriver = ({ desk, lanes }: { desk: Desk; lanes: Lanes }) => {
  const resumeDriver = (
    place: Place | null,
    driverId: DriverId,
    done: (resume: Resume | null) => void,
  ): void => {
    const market = place?.market;
    const to = { kind: "driver" as const, id: driverId };
    const newest = market?.peek(to);
    if (!market || !newest) return done(nothing);
    const lane = lanes(market.id);
    const about = tripOf(newest);
    /** What the newest state rested on was undone (E4): they are about another trip, or none. */
    const undone = (driver: Actor): boolean => tripOf(driver) !== about;
    const again = (): void => resumeDriver(place, driverId, done);
    if (about === null)
      return market.read(to, (seen) => {
        if (seen.is !== "actor") return lane.run(() => done(null));
        if (undone(seen.actor)) return again();
        lane.run(() => done(statusOf(seen.actor)));
      });

    let driver: Actor | undefined;
    market.read(to, (seen) => void (driver = seen.is === "actor" ? seen.actor : undefined));
    market.read({ kind: "trip", id: about }, (seen) => {
      if (driver && undone(driver)) return again();
      if (!driver || seen.is !== "actor") return lane.run(() => done(null));
      const trip = seen.actor;
      const resume = { ...statusOf(driver) };
      const context = trip.context as unknown as TripContext;
      const { tripId, offer } = contextOf(driver);
      if (tripId !== null) {
        const state = trip.state as TripState;
        const row = tripListRow(tripId, trip.seq, state, context);
        const live = { note: context.note, etaS: etaToPickup(state, context) };
        const order = forDriver(wholeTrip(row, null, live, market.now()));
        return lane.runWith(desk.passengerRecord(context.passengerId), (record) =>
          done({ ...resume, order: { ...order, passenger: toDriver(record) } }),
        );
      }
      const shown = offer && shownOffer(context, offer.offerId);
      if (!shown) return lane.run(() => done(resume));
      lane.runWith(desk.passengerRecord(context.passengerId), (record) =>
        done({ ...resume, offers: [offeredOrder(context, trip.seq, shown, record, market.now())] }),
      );
    });
  };
  return resumeDriver;
};

const contextOf = (driver: Actor) => driver.context as unknown as DriverContext;
/** The trip that a driver has, or is asked to take. */
const tripOf = (driver: Actor): TripId | null => {
  const { tripId, offer } = contextOf(driver);
  return tripId ?? offer?.tripId ?? null;
};
const statusOf = (driver: Actor): Resume => ({
  ...nothing,
  status: driverStatusOf[driver.state as DriverState],
});

const shownOffer = ({ offers, policy }: TripContext, offerId: OfferId) => {
  const offer = offers[offerId];
  return (
    offer && {
      offerId,
      shownUntil: ms(offer.sentAt + policy.offerShownMs),
      etaS: offer.etaS,
      distanceM: offer.distanceM,
    }
  );
};
