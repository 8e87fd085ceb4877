import "./trips.css";
import { Drawer, Spin } from "antd";
import { actionsIn } from "./actions-in.ts";
import { useTripChart } from "./use-chart.ts";
import { carAt, waysUntil } from "./replay.ts";
import { useMemo } from "react";
import { type Story, useStory } from "./use-story.ts";
import { Decisions } from "./decisions.tsx";
import { OperatorContext, useOperator } from "../operator.tsx";
import { MapOrWords } from "../../map/map-or-words.tsx";
import { ReplayBar } from "./replay-bar.tsx";
import { StatusMark } from "./status-mark.tsx";
import { Timeline } from "./timeline.tsx";
import { ToldFailure } from "../../app/told-failure.tsx";
import { TripActions } from "./trip-actions.tsx";
import { TripChart } from "./trip-chart.tsx";
import { TripFacts } from "./trip-facts.tsx";
import { lazily } from "../../app/lazily.ts";
import { rideM } from "../../app/ride-m.ts";
import { shortId } from "./short-id.ts";
import { useMarketOf } from "../use-market-of.ts";
import { useReplay } from "./use-replay.ts";
import { useWords } from "../../app/language.tsx";
import { withWorker } from "../../map/with-worker.ts";

const RouteMap = lazily(() => withWorker(import("./route-map.tsx")).then(({ RouteMap }) => RouteMap));

interface Props {
  readonly tripId: string;
  readonly close: () => void;
}

/** All of a trip over whatever view is under it, live, and again from its beginning. */
export const TripDetail = ({ tripId, close }: Props) => {
  const { trips } = useWords().console;
  const { story, failure } = useStory(tripId);
  const desk = useOperator();
  const marketOf = useMarketOf();
  return (
    <Drawer
      open
      size="min(1120px, 100vw)"
      title={
        <span className="trip-title">
          <span title={tripId}>{trips.trip(shortId(tripId))}</span>
          {story && <StatusMark status={story.trip.status} />}
        </span>
      }
      onClose={close}
    >
      <ToldFailure failure={failure} />
      {story ? (
        <OperatorContext value={{ ...desk, market: marketOf(story.trip) }}>
          <Told story={story} />
        </OperatorContext>
      ) : (
        failure === undefined && <Spin />
      )}
    </Drawer>
  );
};

const Told = ({ story: { trip, events, attempts, track } }: { readonly story: Story }) => {
  const { trips } = useWords().console;
  const chart = useTripChart();
  const replay = useReplay(events);
  const { index, moment } = replay;
  const state = moment === null ? trip.state : (events[index]?.to ?? trip.state);
  const taken = useMemo(() => waysUntil(events, index), [events, index]);
  const { driver } = trip;
  const live =
    driver?.lat != null && driver.lng !== null ? { lat: driver.lat, lng: driver.lng, heading: 0 } : null;
  const car = carAt(track, moment ?? Infinity) ?? (moment === null ? live : null);
  return (
    <div className="trip-detail">
      <TripFacts trip={trip} />
      {trip.legal.length > 0 && (
        <TripActions
          tripId={trip.trip_id}
          rideM={rideM(trip)}
          actions={actionsIn(chart, trip.state)}
          done={() => {}}
        />
      )}
      <section className="replayed">
        {chart && <TripChart chart={chart} state={state} taken={taken} />}
        <ReplayBar events={events} replay={replay} />
      </section>
      <section>
        <h2>{trips.timeline}</h2>
        <Timeline events={events} index={index} go={replay.go} />
      </section>
      <section>
        <h2>{trips.route}</h2>
        <div className="trip-map">
          <MapOrWords>
            <RouteMap
              label={trips.mapLabel}
              pickup={trip.pickup}
              dropoff={trip.dropoff}
              track={track}
              car={car}
            />
          </MapOrWords>
        </div>
        {track.length === 0 && <p className="quiet">{trips.noTrack}</p>}
      </section>
      <section className="decisions">
        <h2>{trips.why}</h2>
        <Decisions attempts={attempts} />
      </section>
    </div>
  );
};
