import type { Clock } from "./domain/time.ts";
import { openLawWatch, type Seen } from "./log/law-watch.ts";

/** M92: a server that starts has the database for its recovery. */
const FIRST_MS = 5_000;
const EVERY_MS = 30_000;
/** While rows come faster than a look reads them. */
const BEHIND_MS = 1_000;

/** What is known of the laws, for gauges. */
export interface Laws {
  /** By law; empty before the first look. */
  breaks(): Readonly<Record<string, number>>;
  /** Rows not read yet, see `Seen`. */
  unread(): Readonly<Record<string, number>>;
  /** Unix seconds of the last look that got an answer; 0: there was none. */
  lookedAtS(): number;
}

/** Looks for broken laws every 30 s, beside everything (E156); `openLawWatch` says what that costs. */
export const watchLaws = (url: string, clock: Clock, failed: (error: unknown) => void) => {
  const watch = openLawWatch(url);
  let seen: Seen | null = null;
  let lookedAtS = 0;
  let stopped = false;
  let cancel: () => void;

  const look = async (): Promise<void> => {
    try {
      seen = await watch.look();
      lookedAtS = clock.wall() / 1_000;
    } catch (error) {
      if (!stopped) failed(error);
    }
    const waitMs = (seen?.left.recent ?? 0) > 0 ? BEHIND_MS : EVERY_MS;
    if (!stopped) cancel = clock.after(waitMs, () => void look());
  };
  cancel = clock.after(FIRST_MS, () => void look());
  const laws: Laws = {
    breaks: () => ({ ...seen?.breaks }),
    unread: () => ({ ...seen?.left }),
    lookedAtS: () => lookedAtS,
  };
  return {
    ...laws,
    stop(): Promise<void> {
      stopped = true;
      cancel();
      return watch.close();
    },
  };
};
