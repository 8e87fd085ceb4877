import { dateText, minutesText, moneyText } from "../../app/told.ts";
import type { ShownTrip } from "../../../../src/protocol/chart-bodies.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";

/** What a trip is, in one line of pairs. */
export const TripFacts = ({ trip }: { readonly trip: ShownTrip }) => {
  const { language, words } = useLanguage();
  const { market } = useOperator();
  const { columns, facts } = words.console.trips;
  const { driver, fare, cancel_fee } = trip;
  const pairs: readonly (readonly [string, string | null])[] = [
    [columns.passenger, trip.passenger_name ?? trip.passenger_id],
    [columns.driver, driver && `${driver.first_name ?? driver.driver_id} ${driver.license_plate}`],
    [columns.fare, fare && moneyText(language, fare)],
    [columns.requested, dateText(language, market, trip.requested_at)],
    [facts.eta, trip.eta_s === null ? null : minutesText(language, trip.eta_s)],
    [facts.fee, cancel_fee && moneyText(language, cancel_fee)],
    [facts.reason, trip.reason],
  ];
  return (
    <dl className="trip-facts">
      {pairs.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
};
