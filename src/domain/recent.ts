/**
 * A map that forgets, in two generations: a turn forgets what was not set since the turn before it. Whoever turns it
 * when so many are new holds twice as many at most. (Deleting the first key of one Map at each insertion gets slower
 * with its size: the places of deleted keys are walked over until it is laid out anew.)
 */
export interface Recent<Key, Value> {
  get(key: Key): Value | undefined;
  has(key: Key): boolean;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  /** So many were set since the last turn. */
  readonly fresh: number;
  turn(): void;
}

export const createRecent = <Key, Value>(): Recent<Key, Value> => {
  let fresh = new Map<Key, Value>();
  let older = new Map<Key, Value>();
  return {
    get: (key) => (fresh.has(key) ? fresh : older).get(key),
    has: (key) => fresh.has(key) || older.has(key),
    set: (key, value) => void fresh.set(key, value),
    delete(key) {
      fresh.delete(key);
      older.delete(key);
    },
    get fresh() {
      return fresh.size;
    },
    turn() {
      older = fresh;
      fresh = new Map();
    },
  };
};
