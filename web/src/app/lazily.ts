import { type ComponentType, lazy } from "react";
import { backoffMs } from "../../../src/client/backoff.ts";

/** While the server answers and the code still does not come, it is not the network: an older page asks for what is no more. */
const TRIES = 6;
const ANSWERS_WITHIN_MS = 5_000;

/** B111: a part of a page whose code comes when it is first shown, and is asked for again while the network is away. */
export const lazily = <Props extends object>(load: () => Promise<ComponentType<Props>>) =>
  lazy(async () => ({ default: await untilItCame(load) }));

const untilItCame = async <T>(load: () => Promise<T>): Promise<T> => {
  let answered = 0;
  for (let failures = 0; ; failures++) {
    try {
      return await load();
    } catch (error) {
      if (await serverAnswers()) answered += 1;
      if (answered >= TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, backoffMs(failures)));
  }
};

const serverAnswers = (): Promise<boolean> =>
  fetch("/health", { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
