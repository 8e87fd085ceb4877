import type { Message, Wire } from "../fixtures/server.ts";
import type { Position } from "../../src/domain/geo.ts";
import type { ServerProcess } from "../fixtures/server-process.ts";
import { openHttp } from "../../src/client/http.ts";
import { openWire } from "../fixtures/server.ts";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

// A driver and a passenger as their apps are, with the wire in sight.

export interface Person {
  readonly id: string;
  readonly wire: Wire;
}
export interface Driver extends Person {
  /** Is there at once, and says so twice a second from then on. */
  goTo(position: Position): void;
  leave(): void;
}

/** A registered driver who is available at a place. */
export const newDriver = async (server: ServerProcess, position: Position): Promise<Driver> => {
  const id = await register(server);
  const driver = await connectDriver(server, id, position);
  await ask(driver.wire, { type: "driver_status", status: "available" });
  driver.goTo(position);
  return driver;
};

/** The same driver on a new connection. */
export const connectDriver = async (
  server: ServerProcess,
  id: string,
  position: Position,
): Promise<Driver> => {
  const wire = await openWire(`${server.socketUrl}/ws/driver/${id}`, server.token(id, "driver"), "msgpack");
  const say = () => wire.send([1, position.lat, position.lng]);
  const telling = setInterval(say, 500);
  void wire.closed.then(() => clearInterval(telling));
  say();
  return {
    id,
    wire,
    goTo(there) {
      position = there;
      say();
    },
    leave: () => wire.close(),
  };
};

export const register = async ({ url }: ServerProcess): Promise<string> => {
  const answer = await openHttp({ url, token: () => null }).registerDriver({
    email: `${randomUUID()}@example.org`,
    vehicle_type: "standard",
    license_plate: "0001TJ01",
  });
  if (answer.is !== "ok") throw new Error(`no driver at ${url}: ${JSON.stringify(answer)}`);
  return answer.body.driver_id;
};

export const newPassenger = (server: ServerProcess): Promise<Person> =>
  connectPassenger(server, `rider-${randomUUID()}`);

export const connectPassenger = async (server: ServerProcess, id: string): Promise<Person> => {
  const token = server.token(id, "passenger");
  const wire = await openWire(`${server.socketUrl}/ws/passenger/${id}`, token, "msgpack");
  await wire.next("welcome");
  return { id, wire };
};

/** Says it under a key and resolves with the answer, an `ack` or an `error`. */
export const ask = async (wire: Wire, message: object, key: string = randomUUID()): Promise<Message> => {
  const before = wire.received.length;
  wire.send({ ...message, id: key });
  for (;;) {
    const answer = wire.received.slice(before).find(({ id }) => id === key);
    if (answer) return answer;
    await sleep(5);
  }
};

/** Accepts an offer and serves the trip to its end; resolves with the answers. */
export const serveOffer = async (driver: Driver, offer: Message): Promise<string[]> => {
  const { order_id, offer_id, pickup, dropoff } = offer;
  const answers: string[] = [];
  const say = async (type: string, more = {}) =>
    answers.push((await ask(driver.wire, { type, order_id, ...more })).type);
  await say("accept_order", { offer_id });
  await say("driver_departed");
  driver.goTo(pickup as Position);
  await say("driver_arrived", { reason: "at the gate" });
  await say("start_trip");
  driver.goTo(dropoff as Position);
  await say("complete_trip");
  return answers;
};
