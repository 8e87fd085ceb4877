import type { Actor, Market } from "../market/ports.ts";
import type { ActorRef } from "../domain/row.ts";

/** The log does not answer: nothing can be told of an actor now, and asking it again would only take longer. */
export class LogSilent extends Error {}

/** An actor as it is now, told once that is durable (E4); undefined when it is not in memory. Rejects with `LogSilent`. */
export const readActor = (market: Market, who: ActorRef): Promise<Actor | undefined> =>
  new Promise((resolve, reject) =>
    market.read(who, (seen) => {
      if (seen.is === "unknown") reject(new LogSilent("the log does not answer"));
      else resolve(seen.is === "actor" ? seen.actor : undefined);
    }),
  );
