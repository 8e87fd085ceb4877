import { between, type Random } from "../random.ts";

/** How people behave: chances, and simulated seconds. */
export const behaviour = {
  declines: 0.08,
  /** Confirms the receipt of an offer and never answers it. */
  ignores: 0.04,
  /** Of the trips a driver accepted, before the start. */
  driverCancels: 0.01,
  passengerCancels: 0.02,
  /** Of the trips, for the driver and for the passenger. */
  socketDrops: 0.02,
  /** Not accepted by then: the passenger cancels. */
  patienceS: 15 * 60,
};

export const happens = (random: Random, chance: number): boolean => random() < chance;

export const thinkS = (random: Random): number => between(random, 2, 8);
export const boardingS = (random: Random): number => between(random, 30, 120);
/** When in a trip something goes wrong: a change of mind, a lost network. */
export const troubleS = (random: Random): number => between(random, 20, 600);
export const tunnelS = (random: Random): number => between(random, 30, 120);
/** A socket that comes back within less did not really drop. */
export const TUNNEL_LEAST_MS = 300;
