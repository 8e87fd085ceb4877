import "../trips/trips.css";
import { Button, Empty } from "antd";
import { TripActions } from "../trips/trip-actions.tsx";
import { actionsIn } from "../trips/actions-in.ts";
import { momentText } from "../../app/told.ts";
import { openDetail } from "../use-route.ts";
import { rideM } from "../../app/ride-m.ts";
import { useAlarms } from "./use-alarms.ts";
import { useLanguage } from "../../app/language.tsx";
import { useMarketOf } from "../use-market-of.ts";
import { useTripChart } from "../trips/use-chart.ts";

/** Drivers who were lost on a trip, late pickups and rides that do not end, each with what the chart lets one do. */
export const TripAlarms = () => {
  const { language, words } = useLanguage();
  const told = words.console.alarms;
  const marketOf = useMarketOf();
  const alarms = useAlarms();
  const chart = useTripChart();
  return (
    <section>
      <h2>{told.trips}</h2>
      {alarms.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={told.none} />}
      <ul className="lines">
        {alarms.map((order) => (
          <li key={order.trip_id}>
            {order.alarms.map((alarm) => (
              <b key={alarm} className={alarm === "pickup_late" ? "warn" : "bad"}>
                {told[alarm]}
              </b>
            ))}
            <time className="quiet">{momentText(language, marketOf(order), order.requested_at)}</time>
            <span>{`${order.passenger_name ?? order.passenger_id} → ${order.driver_name ?? "–"}`}</span>
            <span>{words.common.tripStatus[order.status]}</span>
            <span className="tools">
              <Button size="small" onClick={() => openDetail({ kind: "trip", id: order.trip_id })}>
                {told.open}
              </Button>
              <TripActions
                tripId={order.trip_id}
                rideM={rideM(order)}
                actions={actionsIn(chart, order.state)}
                done={() => {}}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};
