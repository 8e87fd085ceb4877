import type { TripStatus } from "../../../src/domain/status.ts";
import type { DriverClient } from "../../../src/client/driver-client.ts";
import type { Reply } from "../../../src/client/connection.ts";
import { boardingS, happens, thinkS } from "./behaviour.ts";
import type { Car } from "./car.ts";
import { realMs, type City } from "../city.ts";
import type { Errand } from "./errand.ts";
import type { Random } from "../random.ts";
import { maybeTunnel } from "./tunnel.ts";

/** Who serves, and with what. */
export interface Service {
  readonly city: City;
  readonly client: DriverClient;
  readonly car: Car;
  readonly random: Random;
  readonly ping: () => void;
  /** Notes the answer of a command that the log must hold. */
  readonly say: (sent: Promise<Reply>) => Promise<Reply>;
}

/** A refused step is tried again with a fresh position, the last time with a reason. */
const TRIES = 5;
const AGAIN_MS = 250;

/** Takes an accepted order to its end, from wherever it stands; stops at once when the errand is over. */
export const serve = async (service: Service, errand: Errand, status: TripStatus): Promise<void> => {
  const { city, client, car, random, ping, say } = service;
  const { orderId, pickup, dropoff } = errand;
  const stillTo = (next: TripStatus) => rank[status] < rank[next];
  const quitsAt = !happens(random, city.mix.driver_cancel)
    ? null
    : happens(random, 0.5)
      ? "accepted"
      : "arrived";
  maybeTunnel(city, random, client);

  if (quitsAt === "accepted" && stillTo("en_route")) return quit();
  if (stillTo("en_route") && !(await step("en_route", () => client.driverDeparted(orderId)))) return;
  if (stillTo("arrived")) {
    if (!(await car.driveTo(pickup, errand))) return;
    if (!(await step("arrived", (why) => (ping(), client.driverArrived(orderId, why))))) return;
  }
  if (stillTo("in_progress")) {
    if (quitsAt === "arrived") return quit();
    if (!(await errand.pause(realMs(city, boardingS(random))))) return;
    if (!(await step("in_progress", () => client.startTrip(orderId)))) return;
  }
  if (!(await car.driveTo(dropoff, errand))) return;
  await step("completed", () => (ping(), client.completeTrip(orderId)));

  async function step(reached: TripStatus, send: (why?: string) => Promise<Reply>): Promise<boolean> {
    for (let tries = 1; tries <= TRIES; tries++) {
      const reply = await say(tries < TRIES ? send() : send("the phone's position is off"));
      if (reply.is === "ack") return !errand.over;
      if (reply.is === "closed") return false;
      // The server's geofence may have been first.
      if (rankOf(reply.error.status) >= rank[reached]) return !errand.over;
      if (!(await errand.pause(AGAIN_MS))) return false;
    }
    city.tally.fault(`a driver could not get a trip to ${reached}`);
    return false;
  }

  async function quit(): Promise<void> {
    if (!(await errand.pause(realMs(city, thinkS(random))))) return;
    const reply = await say(client.cancelOrder(orderId, "car trouble"));
    if (reply.is === "ack") city.tally.counts.driverCancels += 1;
  }
};

/** How far a trip is. */
const rank: Readonly<Record<TripStatus, number>> = {
  requested: 0,
  accepted: 1,
  en_route: 2,
  arrived: 3,
  in_progress: 4,
  completed: 5,
  cancelled: -1,
  no_driver_found: -1,
};
const rankOf = (status: string | undefined): number =>
  (rank as Readonly<Record<string, number>>)[status ?? ""] ?? -1;
