import { type TripEvent, eventAt, msOf } from "./replay.ts";
import { useEffect, useState } from "react";

export const speeds = [1, 10, 60] as const;
export type Speed = (typeof speeds)[number];

const FRAME_MS = 50;

export interface Replay {
  /** Unix milliseconds; null: as it is now. */
  readonly moment: number | null;
  /** Of the event that happened last at that moment. */
  readonly index: number;
  readonly playing: boolean;
  readonly speed: Speed;
  setSpeed(speed: Speed): void;
  /** To the moment of an event; the last one is how it is now. */
  go(index: number): void;
  /** From where it stands, or from the beginning. */
  play(): void;
  pause(): void;
}

/** B91: one moment of a trip, that the map, the chart and the timeline show together. */
export const useReplay = (events: readonly TripEvent[]): Replay => {
  const [moment, setMoment] = useState<number | null>(null);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(10);
  const last = events.length - 1;
  const endsAt = last < 0 ? 0 : msOf(events[last]!.at);

  useEffect(() => {
    if (!playing) return undefined;
    let before = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const passed = (now - before) * speed;
      before = now;
      setMoment((at) => (at === null ? null : at + passed));
    }, FRAME_MS);
    return () => clearInterval(timer);
  }, [playing, speed]);

  useEffect(() => {
    if (moment === null || moment < endsAt) return;
    setMoment(null);
    setPlaying(false);
  }, [moment, endsAt]);

  return {
    moment,
    index: moment === null ? Math.max(0, last) : eventAt(events, moment),
    playing,
    speed,
    setSpeed,
    go(index) {
      setPlaying(false);
      setMoment(index >= last ? null : msOf(events[Math.max(0, index)]!.at));
    },
    play() {
      if (events.length === 0) return;
      setMoment((at) => at ?? msOf(events[0]!.at));
      setPlaying(true);
    },
    pause: () => setPlaying(false),
  };
};
