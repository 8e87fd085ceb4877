import type { ReactNode } from "react";
import { Button, Descriptions, Drawer, Spin } from "antd";
import { agoText, dateText } from "../../app/told.ts";
import type { DriverBody } from "../../../../src/protocol/http-bodies.ts";
import { DriverStatusText } from "../status-dot.tsx";
import { DriverLooks } from "./driver-looks.tsx";
import { DriverTrips } from "./driver-trips.tsx";
import { ToldFailure } from "../../app/told-failure.tsx";
import { nameOf } from "./drivers-view.tsx";
import { openDetail } from "../use-route.ts";
import { useDriver } from "./use-driver.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";
import { useServerNow } from "../use-server-now.ts";

interface Props {
  readonly driverId: string;
  readonly close: () => void;
}

/** One driver: how they stand, what they drove today, and why dispatch did or did not ask them. */
export const DriverDetail = ({ driverId, close }: Props) => {
  const { words } = useLanguage();
  const { driver, trips, why, failure, refresh } = useDriver(driverId);
  return (
    <Drawer
      open
      title={driver ? nameOf(driver) : driverId}
      onClose={close}
      size={640}
      extra={
        <Button size="small" onClick={refresh}>
          {words.console.refresh}
        </Button>
      }
    >
      <div className="detail">
        <ToldFailure failure={failure} />
        {driver ? <Standing driver={driver} /> : failure === undefined && <Spin />}
        <DriverTrips trips={trips} />
        {why && <DriverLooks why={why} />}
      </div>
    </Drawer>
  );
};

const Standing = ({ driver }: { readonly driver: DriverBody }) => {
  const { language, words } = useLanguage();
  const { market } = useOperator();
  const now = useServerNow();
  const told = words.console.drivers;
  const { order_id: tripId, seen_at: seenAt, since } = driver;
  const facts: [string, ReactNode][] = [
    [told.status, <DriverStatusText status={driver.status} />],
    [told.since, since === null ? "–" : dateText(language, market, since)],
    [told.fix, seenAt === null ? "–" : agoText(language, now - Date.parse(seenAt))],
    [told.misses, driver.misses],
    [told.vehicle, `${driver.vehicle_type}, ${driver.license_plate}`],
    [
      told.trip,
      tripId === null ? (
        "–"
      ) : (
        <Button type="link" size="small" onClick={() => openDetail({ kind: "trip", id: tripId })}>
          {tripId}
        </Button>
      ),
    ],
    [told.id, <code>{driver.driver_id}</code>],
  ];
  return (
    <Descriptions
      size="small"
      bordered
      column={1}
      items={facts.map(([label, children]) => ({ key: label, label, children }))}
    />
  );
};
