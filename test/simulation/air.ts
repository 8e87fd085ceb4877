import type { Schedule } from "./schedule.ts";

/** What is wrong with somebody's way to the server. */
export type Trouble = "away" | "stuck" | "deaf" | "twice" | "lag";

/** The way itself: how long things take on it, and what is wrong with it now. */
export interface Air {
  latencyMs(): number;
  /** Away: no connection comes about. Stuck: what is sent is lost. Deaf: the phone does not read. Twice: it says all twice. */
  is(trouble: Exclude<Trouble, "lag">): boolean;
  /** `ms`: of a lag. */
  trouble(trouble: Trouble, forMs: number, ms?: number): void;
  heal(): void;
  /** When it, and not the server, kept them apart: simulated milliseconds. */
  readonly troubles: readonly { readonly from: number; readonly until: number }[];
}

export const openAir = (schedule: Schedule, random: () => number): Air => {
  const usualMs = 5 + random() * 60;
  const untils = { away: 0, stuck: 0, deaf: 0, twice: 0, lag: 0 };
  let lagMs = 0;
  const troubles: { from: number; until: number }[] = [];
  const is = (trouble: Trouble): boolean => schedule.now() < untils[trouble];
  return {
    latencyMs: () => usualMs * (0.5 + random()) + (is("lag") ? lagMs : 0),
    is,
    trouble(trouble, forMs, ms = 0) {
      const until = schedule.now() + forMs;
      untils[trouble] = until;
      if (trouble === "lag") lagMs = ms;
      if (trouble !== "twice") troubles.push({ from: schedule.now(), until: until + ms });
    },
    heal() {
      Object.assign(untils, { away: 0, stuck: 0, deaf: 0, twice: 0, lag: 0 });
      for (const one of troubles) one.until = Math.min(one.until, schedule.now());
    },
    troubles,
  };
};
