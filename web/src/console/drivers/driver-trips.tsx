import { isOfToday, momentText, moneyText } from "../../app/told.ts";
import type { TripBody } from "../../../../src/protocol/http-bodies.ts";
import { hashOf } from "../route.ts";
import { useLanguage } from "../../app/language.tsx";
import { useMarketOf } from "../use-market-of.ts";

/** Those that went on after midnight where the market of each is (B142). */
export const DriverTrips = ({ trips }: { readonly trips: readonly TripBody[] }) => {
  const { language, words } = useLanguage();
  const marketOf = useMarketOf();
  const told = words.console.drivers;
  const today = trips.filter((trip) => isOfToday(marketOf(trip), trip));
  return (
    <section>
      <h2>{told.today(today.length)}</h2>
      <ul className="lines">
        {today.map((trip) => (
          <li key={trip.trip_id}>
            <time className="quiet">{momentText(language, marketOf(trip), trip.requested_at)}</time>
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
