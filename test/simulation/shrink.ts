import type { Ending } from "./ending.ts";
import type { Story } from "./story.ts";

/** So many plays at most; a story is short by then. */
const PLAYS = 400;

/**
 * The smallest story found that still breaks the same law: parts are left out as long as it does, first halves, then
 * smaller pieces, then single acts, faults and people.
 */
export const shrink = async (
  story: Story,
  law: string,
  play: (story: Story) => Promise<Ending>,
): Promise<{ story: Story; ending: Ending }> => {
  let best = { story, ending: await play(story) };
  let plays = 0;
  const tried = async (smaller: Story): Promise<boolean> => {
    if (plays++ >= PLAYS) return false;
    const ending = await play(smaller);
    if (!ending.findings.some((finding) => finding.law === law)) return false;
    best = { story: smaller, ending };
    return true;
  };

  /** Leaves out pieces of one list, ever smaller ones. True: something went. */
  const thin = async <T>(
    of: (story: Story) => readonly T[],
    withThem: (story: Story, rest: readonly T[]) => Story,
  ) => {
    const before = of(best.story).length;
    if (plays >= PLAYS) return false;
    for (let size = Math.ceil(before / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
      for (let from = 0; from < of(best.story).length;) {
        const all = of(best.story);
        const rest = all.filter((_, i) => i < from || i >= from + size);
        if (!(await tried(withThem(best.story, rest)))) from += size;
      }
    return of(best.story).length < before;
  };

  /** One round over everything that could go. */
  const shorten = async (): Promise<boolean> => {
    let shorter = await thin(
      ({ faults }) => faults,
      (one, faults) => ({ ...one, faults }),
    );
    shorter =
      (await thin(
        ({ acts }) => acts,
        (one, acts) => ({ ...one, acts }),
      )) || shorter;
    for (const role of ["drivers", "passengers", "operators"] as const)
      shorter =
        (await thin(
          (one) => one[role],
          (one, names) => withoutOthers({ ...one, [role]: names }),
        )) || shorter;
    return shorter;
  };
  while (await shorten());
  return best;
};

/** Who is not there does nothing, and nothing happens to them. */
const withoutOthers = (story: Story): Story => {
  const there = new Set([...story.drivers, ...story.passengers, ...story.operators]);
  return {
    ...story,
    acts: story.acts.filter(({ who }) => there.has(who)),
    faults: story.faults.filter((fault) => !("who" in fault) || there.has(fault.who)),
  };
};
