import type { AdminWelcome, DriverWelcome, PassengerWelcome } from "../protocol/server-messages.ts";
import type { Clock } from "../domain/time.ts";
import type { Connection } from "./connection.ts";

type Welcome = AdminWelcome | DriverWelcome | PassengerWelcome;

/** The first message of every connection: what is durable of its user, then whatever it sent meanwhile (P34). */
export const welcome = (connection: Connection, clock: Clock, resume: Welcome["resume"]): void => {
  const { line, session } = connection;
  line.push({ type: "welcome", server_time: Math.floor(clock.wall()), session, resume } as Welcome);
  connection.welcomed = true;
  goOn(connection);
};

/** Hears what had to wait, in order. */
export const goOn = (connection: Connection): void => {
  if (!connection.welcomed) return;
  const waiting = connection.waiting ?? [];
  connection.waiting = null;
  for (const turn of waiting) turn();
};
