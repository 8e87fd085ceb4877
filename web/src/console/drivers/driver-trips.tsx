import { clockText, isToday, moneyText } from "../../app/told.ts";
import type { TripsBody } from "../../../../src/protocol/http-bodies.ts";
import { hashOf } from "../route.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";

/** Since midnight where the market is. */
export const DriverTrips = ({ trips }: { readonly trips: TripsBody["items"] }) => {
  const { language, words } = useLanguage();
  const { market } = useOperator();
  const told = words.console.drivers;
  const today = trips.filter(({ requested_at: at }) => isToday(market, at));
  return (
    <section>
      <h2>{told.today(today.length)}</h2>
      <ul className="lines">
        {today.map((trip) => (
          <li key={trip.trip_id}>
            <time className="quiet">{clockText(language, market, trip.requested_at)}</time>
            <a href={hashOf({ view: "drivers", detail: { kind: "trip", id: trip.trip_id } })}>
              {words.common.tripStatus[trip.status]}
            </a>
            <span>{trip.fare ? moneyText(language, trip.fare) : words.common.noFare}</span>
          </li>
        ))}
      </ul>
    </section>
  );
};
