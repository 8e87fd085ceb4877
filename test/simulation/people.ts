import type { Act } from "./story.ts";
import type { Clock } from "../../src/domain/time.ts";
import type { Phone } from "./network.ts";

/** What somebody's app shows. */
export interface Belief {
  /** A driver's order, or a passenger's live one; null: none. */
  readonly orderId: string | null;
  /** Of the newest thing known of it. */
  readonly seq: number;
  readonly status: string | null;
  readonly connected: boolean;
}

/** Somebody with an app: the real client in their hands. */
export interface Person {
  readonly name: string;
  does(act: Act): void;
  /** From now on they do what they ought to. */
  behave(): void;
  believes(): Belief;
  close(): void;
}

/** What a person has of the world. */
export interface Hands {
  readonly name: string;
  readonly phone: Phone;
  readonly clock: Clock;
  /** [0, 1), their own. */
  readonly random: () => number;
  readonly token: string;
  readonly find: (law: string, what: string) => void;
}

export const SERVER_URL = "ws://server";
