import type { Detail } from "./route.ts";
import { openDetail } from "./use-route.ts";
import { Spin } from "antd";
import { Suspense } from "react";
import { lazily } from "../app/lazily.ts";
import { useFocusBack } from "./use-focus-back.ts";

const TripDetail = lazily(() => import("./trips/trip-detail.tsx").then(({ TripDetail }) => TripDetail));
const DriverDetail = lazily(() =>
  import("./drivers/driver-detail.tsx").then(({ DriverDetail }) => DriverDetail),
);

/** The trip or driver that was opened, whatever view is under it. Each draws its own drawer, as wide as it needs. */
export const DetailDrawer = ({ detail }: { readonly detail: Detail | null }) => {
  useFocusBack(detail !== null);
  if (detail === null) return null;
  const close = () => openDetail(null);
  return (
    <Suspense fallback={<Spin fullscreen />}>
      {detail.kind === "trip" ? (
        <TripDetail key={detail.id} tripId={detail.id} close={close} />
      ) : (
        <DriverDetail key={detail.id} driverId={detail.id} close={close} />
      )}
    </Suspense>
  );
};
