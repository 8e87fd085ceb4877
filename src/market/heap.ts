/** A binary heap of moments, earliest first. Entries are never removed early: whoever pops one checks it. */
export interface Heap {
  push(at: number, key: string): void;
  /** The earliest moment, or Infinity. */
  next(): number;
  pop(): string | undefined;
  /** Takes all of them, each key once, in no order. */
  empty(): ReadonlySet<string>;
  readonly size: number;
}

export const createHeap = (): Heap => {
  const ats: number[] = [];
  const keys: string[] = [];
  const swap = (a: number, b: number) => {
    [ats[a], ats[b]] = [ats[b]!, ats[a]!];
    [keys[a], keys[b]] = [keys[b]!, keys[a]!];
  };
  return {
    push(at, key) {
      let i = ats.push(at) - 1;
      keys.push(key);
      for (let up; i > 0 && ats[(up = (i - 1) >> 1)]! > ats[i]!; i = up) swap(i, up);
    },
    next: () => ats[0] ?? Infinity,
    pop() {
      if (ats.length === 0) return undefined;
      const key = keys[0]!;
      swap(0, ats.length - 1);
      ats.pop();
      keys.pop();
      for (let i = 0; ;) {
        const left = 2 * i + 1;
        if (left >= ats.length) break;
        const least = left + 1 < ats.length && ats[left + 1]! < ats[left]! ? left + 1 : left;
        if (ats[i]! <= ats[least]!) break;
        swap(i, least);
        i = least;
      }
      return key;
    },
    empty() {
      const all = new Set(keys);
      ats.length = keys.length = 0;
      return all;
    },
    get size() {
      return ats.length;
    },
  };
};
