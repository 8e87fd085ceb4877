import type { Position } from "../../../src/domain/geo.ts";

/** One order in the hands of a driver, from the offer to its end. */
export interface Errand {
  readonly orderId: string;
  /** Null: assigned, or found at a reconnect. */
  readonly offerId: string | null;
  readonly pickup: Position;
  readonly dropoff: Position;
  /** False while it is only an offer. */
  readonly accepted: boolean;
  readonly over: boolean;
  accept(): void;
  /** Real milliseconds. Resolves false, at once, when the errand is over. */
  pause(delayMs: number): Promise<boolean>;
  end(): void;
}

export const newErrand = (order: Pick<Errand, "orderId" | "offerId" | "pickup" | "dropoff">): Errand => {
  let accepted = order.offerId === null;
  let over = false;
  let wake: () => void = () => undefined;
  return {
    ...order,
    get accepted() {
      return accepted;
    },
    get over() {
      return over;
    },
    accept: () => {
      accepted = true;
    },
    pause: (delayMs) =>
      new Promise((resolve) => {
        if (over) return resolve(false);
        const timer = setTimeout(() => resolve(true), delayMs);
        wake = () => {
          clearTimeout(timer);
          resolve(false);
        };
      }),
    end: () => {
      over = true;
      wake();
    },
  };
};
