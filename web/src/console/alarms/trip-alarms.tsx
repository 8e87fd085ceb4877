import { Button, Empty } from "antd";
import { type Failure, failureOf } from "../../app/failure.ts";
import type { Order } from "../console-model.ts";
import { ReasonDialog } from "../reason-dialog.tsx";
import { ToldFailure } from "../../app/told-failure.tsx";
import { clockText } from "../../app/told.ts";
import { openDetail } from "../use-route.ts";
import { useAlarms } from "./use-alarms.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";
import { useState } from "react";

/** Drivers who were lost on a trip, late pickups and rides that do not end, each with what may be done. */
export const TripAlarms = () => {
  const { language, words } = useLanguage();
  const told = words.console.alarms;
  const { market, client } = useOperator();
  const alarms = useAlarms();
  const [cancelling, setCancelling] = useState<Order | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const cancel = async ({ trip_id: id }: Order, reason: string) => {
    setBusy(true);
    setFailure(failureOf(await client.cancelTrip(id, reason)));
    setBusy(false);
    setCancelling(null);
  };
  return (
    <section>
      <h2>{told.trips}</h2>
      <ToldFailure failure={failure} />
      {alarms.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={told.none} />}
      <ul className="lines">
        {alarms.map(({ order, alarm }) => (
          <li key={`${order.trip_id} ${alarm}`}>
            <b className={alarm === "pickup_late" ? "warn" : "bad"}>{told[alarm]}</b>
            <time className="quiet">{clockText(language, market, order.requested_at)}</time>
            <span>{`${order.passenger_name ?? order.passenger_id} → ${order.driver_name ?? "–"}`}</span>
            <span>{words.common.tripStatus[order.status]}</span>
            <span className="tools">
              <Button size="small" onClick={() => openDetail({ kind: "trip", id: order.trip_id })}>
                {told.open}
              </Button>
              <Button size="small" danger onClick={() => setCancelling(order)}>
                {told.cancelTrip}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {cancelling && (
        <ReasonDialog
          title={told.cancelWhy(cancelling.passenger_name ?? cancelling.passenger_id)}
          action={told.cancelTrip}
          busy={busy}
          act={(reason) => void cancel(cancelling, reason)}
          close={() => setCancelling(null)}
        />
      )}
    </section>
  );
};
