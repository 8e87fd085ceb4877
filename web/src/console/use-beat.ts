import { useConsole } from "./operator.tsx";

/** Points of a trip's track come every 5 s: what is known of where somebody is, is read again so often. */
const BEAT_MS = 5_000;

/** A number that grows with each beat, by the server's pushes: none while they are away. */
export const useBeat = (): number => useConsole(({ newest }) => Math.floor((newest?.at ?? 0) / BEAT_MS));
