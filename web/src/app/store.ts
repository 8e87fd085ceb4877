import { useSyncExternalStore } from "react";

/** What a page knows, and the one way it changes: `next` is pure, and makes a new state of the old one and an event. */
export interface Store<S, E> {
  read(): S;
  tell(event: E): void;
  /** Returns what ends it. */
  watch(changed: () => void): () => void;
}

export const createStore = <S, E>(first: S, next: (state: S, event: E) => S): Store<S, E> => {
  let state = first;
  const watchers = new Set<() => void>();
  return {
    read: () => state,
    tell(event) {
      const before = state;
      state = next(state, event);
      if (state !== before) for (const changed of watchers) changed();
    },
    watch(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
  };
};

export const useStore = <S, E>({ watch, read }: Store<S, E>): S => useSyncExternalStore(watch, read);
