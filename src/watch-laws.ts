import type { Clock } from "./domain/time.ts";
import { openLawWatch } from "./log/law-watch.ts";

const EVERY_MS = 30_000;

/** Looks for broken laws every 30 s, beside everything; `openLawWatch` says what that costs. */
export const watchLaws = (url: string, clock: Clock) => {
  const watch = openLawWatch(url);
  let stopped = false;
  let cancel = () => {};
  const look = (): void =>
    void watch.look().then(() => {
      if (!stopped) cancel = clock.after(EVERY_MS, look);
    });
  look();
  return {
    /** By law, as of the last look. */
    breaks: () => ({ ...watch.breaks }),
    stop(): Promise<void> {
      stopped = true;
      cancel();
      return watch.close();
    },
  };
};
