import { Phone } from "../../bench/city/city.ts";
import type { ServerProcess } from "../fixtures/server-process.ts";
import { once } from "node:events";
import { pack } from "msgpackr";
import { setTimeout as sleep } from "node:timers/promises";

export interface Deaf {
  readonly size: number;
  /** Reads at last, and leaves; resolves with how many the server had let go of. */
  leave(): Promise<number>;
}

const CONSOLES = 10;
const PASSENGERS = 10;
/** The kernel takes the first megabytes of answers that nobody reads. */
const QUESTIONS = 20_000;
const READING_MS = 5_000;
const TOO_SLOW = 4008;

/** Clients that never read: consoles that ask for everything, and passengers whose questions are all refused. */
export const openDeaf = async (server: ServerProcess): Promise<Deaf> => {
  let letGo = 0;
  const open = async (role: "admin" | "passenger", path: string, who: string): Promise<Phone> => {
    const token = server.token(who, role);
    const phone = new Phone(`${server.socketUrl}${path}`, ["dg.v1", `bearer.${token}`]);
    phone.on("error", () => undefined);
    phone.on("close", (code) => (letGo += code === TOO_SLOW ? 1 : 0));
    await once(phone, "open");
    phone.pause();
    return phone;
  };
  const consoles = await Promise.all(
    Array.from({ length: CONSOLES }, async () => {
      const phone = await open("admin", "/ws/admin", "deaf");
      phone.send(pack({ type: "subscribe", topics: ["stats", "orders", "drivers", "log"] }));
      return phone;
    }),
  );
  const passengers = await Promise.all(
    Array.from({ length: PASSENGERS }, async (_, seat) => {
      const phone = await open("passenger", `/ws/passenger/deaf-${seat}`, `deaf-${seat}`);
      const question = pack({ type: "request_trip", id: "i".repeat(64), pickup: {}, dropoff: {} });
      for (let asked = 0; asked < QUESTIONS; asked++) phone.send(question);
      return phone;
    }),
  );
  const phones = [...consoles, ...passengers];
  return {
    size: phones.length,
    leave: async () => {
      // Its last word to them is behind all that they did not read.
      const closed = Promise.all(passengers.map((phone) => once(phone, "close")));
      for (const phone of phones) phone.resume();
      await Promise.race([closed, sleep(READING_MS)]);
      for (const phone of phones) phone.terminate();
      return letGo;
    },
  };
};
