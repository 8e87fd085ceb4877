import { useEffect, useRef, useState } from "react";

interface Props {
  readonly label: string;
  readonly endsAtMs: number;
  /** Once there is no time left. */
  readonly over: () => void;
}

const R = 22;
const AROUND = 2 * Math.PI * R;

/** The seconds that are left, and a ring that closes with them. */
export const CountdownRing = ({ label, endsAtMs, over }: Props) => {
  const [wholeMs] = useState(() => Math.max(1, endsAtMs - Date.now()));
  const [leftMs, setLeftMs] = useState(wholeMs);
  const ending = useRef(over);
  ending.current = over;
  useEffect(() => {
    const timer = setInterval(() => {
      const left = Math.max(0, endsAtMs - Date.now());
      setLeftMs(left);
      if (left > 0) return;
      clearInterval(timer);
      ending.current();
    }, 200);
    return () => clearInterval(timer);
  }, [endsAtMs]);
  const seconds = Math.ceil(leftMs / 1_000);
  return (
    <span className="phone-ring" role="timer" aria-label={label} data-short={seconds <= 5}>
      <svg width="52" height="52" viewBox="0 0 52 52" aria-hidden="true">
        <circle className="whole" cx="26" cy="26" r={R} />
        <circle
          className="left"
          cx="26"
          cy="26"
          r={R}
          strokeDasharray={AROUND}
          strokeDashoffset={AROUND * (1 - leftMs / wholeMs)}
        />
      </svg>
      <span>{seconds}</span>
    </span>
  );
};
