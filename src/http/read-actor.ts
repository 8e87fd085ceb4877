import type { Actor, Market } from "../market/ports.ts";
import type { ActorRef } from "../domain/row.ts";

/** An actor as it is now, told once that is durable (E2); undefined when it is not in memory. */
export const readActor = (market: Market, who: ActorRef): Promise<Actor | undefined> =>
  new Promise((resolve) => market.read(who, resolve));
