import { useEffect, useRef, useState } from "react";

/** While something is pushed, what it is about is read again so often. */
const READ_EVERY_MS = 2_000;

/** A number that grows after `pushed` has changed, however often that is (B135). */
export const useTurn = (pushed: unknown): number => {
  const [turn, setTurn] = useState(0);
  const seen = useRef(pushed);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (seen.current === pushed) return;
    seen.current = pushed;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setTurn((before) => before + 1);
    }, READ_EVERY_MS);
  }, [pushed]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return turn;
};
