import type { Position } from "../../../src/domain/geo.ts";

/** What a recorded cab said at one moment. */
export interface CabPing extends Position {
  /** Unix milliseconds. */
  readonly atMs: number;
  /** No fare on board. */
  readonly free: boolean;
}

/** Where a recorded cab was, and whether it was for hire, at any moment (Unix milliseconds). */
export interface Track {
  /** Straight from ping to ping; before the first and after the last it stands. */
  positionAt(atMs: number): Position;
  /** As its newest ping said, until it has been silent for too long. */
  isFreeAt(atMs: number): boolean;
}

/** The recorder drops whatever lies beside a longer gap. */
export const SILENT_MS = 300_000;

/** `pings` in order of time, at least one. */
export const openTrack = (pings: readonly CabPing[]): Track => {
  /** How many pings were sent by then. */
  const countUntil = (atMs: number): number => {
    let [low, high] = [0, pings.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (pings[middle]!.atMs <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    positionAt: (atMs) => {
      const next = countUntil(atMs);
      const [from, to] = [pings[next - 1] ?? pings[0]!, pings[next] ?? pings.at(-1)!];
      const part = to.atMs > from.atMs ? (atMs - from.atMs) / (to.atMs - from.atMs) : 0;
      return { lat: from.lat + (to.lat - from.lat) * part, lng: from.lng + (to.lng - from.lng) * part };
    },
    isFreeAt: (atMs) => {
      const newest = pings[countUntil(atMs) - 1];
      return newest !== undefined && newest.free && atMs - newest.atMs <= SILENT_MS;
    },
  };
};
