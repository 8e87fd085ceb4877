import { between, type Random } from "../random.ts";

/** How people behave, as far as `--mix` may change it: chances, and simulated seconds. */
export interface Mix {
  readonly decline: number;
  /** Confirms the receipt of an offer and never answers it. */
  readonly ignore: number;
  /** Of the trips a driver accepted, before the start. */
  readonly driver_cancel: number;
  readonly passenger_cancel: number;
  /** Of the trips, for the driver and for the passenger. */
  readonly socket_drop: number;
  /** Not accepted by then: the passenger cancels. */
  readonly patience_s: number;
}

export const usualMix: Mix = {
  decline: 0.08,
  ignore: 0.04,
  driver_cancel: 0.01,
  passenger_cancel: 0.02,
  socket_drop: 0.02,
  patience_s: 15 * 60,
};

export const happens = (random: Random, chance: number): boolean => random() < chance;

export const thinkS = (random: Random): number => between(random, 2, 8);
export const boardingS = (random: Random): number => between(random, 30, 120);
/** When in a trip something goes wrong: a change of mind, a lost network. */
export const troubleS = (random: Random): number => between(random, 20, 600);
export const tunnelS = (random: Random): number => between(random, 30, 120);
/** A socket that comes back within less did not really drop. */
export const TUNNEL_LEAST_MS = 300;
