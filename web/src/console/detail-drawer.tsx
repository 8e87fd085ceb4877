import type { Detail } from "./route.ts";
import { openDetail } from "./use-route.ts";
import { Suspense, lazy } from "react";
import { Spin } from "antd";

const TripDetail = lazy(() =>
  import("./trips/trip-detail.tsx").then(({ TripDetail }) => ({ default: TripDetail })),
);
const DriverDetail = lazy(() =>
  import("./drivers/driver-detail.tsx").then(({ DriverDetail }) => ({ default: DriverDetail })),
);

/** The trip or driver that was opened, whatever view is under it. Each draws its own drawer, as wide as it needs. */
export const DetailDrawer = ({ detail }: { readonly detail: Detail | null }) => {
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
