import { useEffect, useState } from "react";
import { useConsole } from "./operator.tsx";

/** What time it is by the server (B125), each second, also while it cannot be heard. Unix milliseconds. */
export const useServerNow = (): number => {
  const told = useConsole(({ newest }) => newest?.at ?? null);
  const [now, setNow] = useState(told ?? Date.now());
  useEffect(() => {
    const [from, since] = [told ?? Date.now(), performance.now()];
    const tick = () => setNow(from + performance.now() - since);
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [told]);
  return now;
};
