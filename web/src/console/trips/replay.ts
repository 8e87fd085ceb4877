import { type Pose, bearing, between } from "../../map/glide.ts";
import type { TrackBody } from "../../../../src/protocol/chart-bodies.ts";
import type { TripEvents } from "../../../../src/protocol/story-bodies.ts";
import { wayKey } from "./chart-layout.ts";

export type TripEvent = TripEvents["items"][number];
export type TrackPoint = TrackBody["points"][number];

export const msOf = (iso: string): number => Date.parse(iso);

/** Over such a gap nobody saw the car: it stays where it was seen last. */
const UNSEEN_MS = 30_000;

/** B91: the last event at or before this moment; the first one before all. */
export const eventAt = (events: readonly TripEvent[], moment: number): number =>
  Math.max(
    0,
    events.findLastIndex(({ at }) => msOf(at) <= moment),
  );

/** B91: where the car was at this moment, between the points that are known; null before it was seen. */
export const carAt = (track: readonly TrackPoint[], moment: number): Pose | null => {
  const i = track.findLastIndex(({ at }) => msOf(at) <= moment);
  const from = track[i];
  if (from === undefined) return null;
  const to = track[i + 1];
  if (to === undefined || msOf(to.at) - msOf(from.at) > UNSEEN_MS) return pose(from, track[i - 1]);
  const share = (moment - msOf(from.at)) / (msOf(to.at) - msOf(from.at));
  return between(pose(from, track[i - 1]), pose(to, from), share);
};

const pose = ({ lat, lng, heading }: TrackPoint, before: TrackPoint | undefined): Pose => ({
  lat,
  lng,
  heading: heading ?? (before ? bearing(before, { lat, lng }) : 0),
});

/** The ways a trip took through its chart, up to and with this event. */
export const waysUntil = (events: readonly TripEvent[], index: number): ReadonlySet<string> =>
  new Set(
    events
      .slice(0, index + 1)
      .flatMap(({ from, to }) => (from === null || from === to ? [] : [wayKey(from, to)])),
  );
