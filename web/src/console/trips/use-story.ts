import type { ShownTrip, TrackBody } from "../../../../src/protocol/chart-bodies.ts";
import { useEffect, useState } from "react";
import { type Failure, failureOf } from "../../app/failure.ts";
import type { Result } from "../../../../src/client/http.ts";
import type { TripEvent } from "./replay.ts";
import type { Why } from "../../../../src/protocol/story-bodies.ts";
import { useBeat } from "../use-beat.ts";
import { useConsole, useOperator } from "../operator.tsx";

/** All that is known of a trip. */
export interface Story {
  readonly trip: ShownTrip;
  readonly events: readonly TripEvent[];
  readonly attempts: Why["attempts"];
  readonly track: TrackBody["points"];
}

/**
 * A trip with its events, its decisions and its track: read anew whenever a push tells that something happened;
 * while it lives, its track also at the beat (B141).
 */
export const useStory = (
  tripId: string,
): { readonly story: Story | null; readonly failure: Failure | undefined } => {
  const { http } = useOperator();
  const [story, setStory] = useState<Story | null>(null);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const link = useConsole(({ link }) => link);
  const seq = useConsole(({ rows }) => rows.find(({ actor_id }) => actor_id === tripId)?.seq ?? 0);
  const pushed = useConsole(({ orders }) => orders.get(tripId)?.seq ?? 0);
  const beat = useBeat();
  const lives = story !== null && story.trip.legal.length > 0;

  useEffect(() => {
    let wanted = true;
    const read = async () => {
      const [trip, events, why, track] = await Promise.all([
        http.trip(tripId),
        allEvents(http.tripEvents, tripId),
        http.why(tripId),
        http.track(tripId),
      ]);
      if (!wanted) return;
      setFailure(failureOf(trip));
      if (trip.is !== "ok") return;
      // Archived events and decisions that time has dropped are no reason to show nothing.
      setStory((before) => ({
        trip: trip.body,
        events: events.length > 0 ? events : (before?.events ?? []),
        attempts: bodyOf(why)?.attempts ?? before?.attempts ?? [],
        track: bodyOf(track)?.points ?? before?.track ?? [],
      }));
    };
    void read();
    return () => {
      wanted = false;
    };
  }, [http, tripId, link, seq, pushed]);

  useEffect(() => {
    let wanted = lives;
    if (wanted)
      void http.track(tripId).then((track) => {
        const points = bodyOf(track)?.points;
        if (wanted && points) setStory((before) => before && { ...before, track: points });
      });
    return () => {
      wanted = false;
    };
  }, [http, tripId, lives, beat]);
  return { story, failure };
};

const bodyOf = <T>(result: Result<T>): T | undefined => (result.is === "ok" ? result.body : undefined);

const allEvents = async (
  page: ReturnType<typeof useOperator>["http"]["tripEvents"],
  tripId: string,
): Promise<readonly TripEvent[]> => {
  const all: TripEvent[] = [];
  for (let cursor: string | undefined; ;) {
    const result = await page(tripId, { limit: 1_000, ...(cursor !== undefined && { cursor }) });
    if (result.is !== "ok") return all;
    all.push(...result.body.items);
    if (result.body.next_cursor === null) return all;
    cursor = result.body.next_cursor;
  }
};
