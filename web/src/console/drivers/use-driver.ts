import { type Failure, failureOf } from "../../app/failure.ts";
import type { DriverBody, TripBody } from "../../../../src/protocol/http-bodies.ts";
import { useCallback, useEffect, useState } from "react";
import type { DriverWhy } from "../../../../src/protocol/driver-why-bodies.ts";
import { recentTrips } from "../../app/recent-trips.ts";
import { serverNow } from "../console-model.ts";
import { useBeat } from "../use-beat.ts";
import { useConsole, useOperator } from "../operator.tsx";

interface Known {
  readonly driver: DriverBody | null;
  readonly trips: readonly TripBody[];
  readonly why: DriverWhy | null;
}

/** What the server knows of a driver, asked again when a row of the log is about them; where they are, at the beat. */
export const useDriver = (driverId: string) => {
  const { http, store } = useOperator();
  const [known, setKnown] = useState<Known>({ driver: null, trips: [], why: null });
  const [failure, setFailure] = useState<Failure>();
  const [asked, setAsked] = useState(0);
  const newest = useConsole(({ rows }) => rows.find(({ actor_id: id }) => id === driverId)?.position);

  useEffect(() => {
    let left = false;
    void Promise.all([
      http.driver(driverId),
      recentTrips(http, serverNow(store.read()), { driver_id: driverId }),
      http.driverWhy(driverId),
    ]).then(([driver, trips, why]) => {
      if (left) return;
      setFailure(failureOf(driver) ?? failureOf(why));
      setKnown((before) => ({
        driver: driver.is === "ok" ? driver.body : before.driver,
        trips: trips ?? before.trips,
        why: why.is === "ok" ? why.body : before.why,
      }));
    });
    return () => {
      left = true;
    };
  }, [http, store, driverId, newest, asked]);
  const beat = useBeat();
  useEffect(() => {
    let left = false;
    void http.driver(driverId).then((driver) => {
      if (!left && driver.is === "ok") setKnown((before) => ({ ...before, driver: driver.body }));
    });
    return () => {
      left = true;
    };
  }, [http, driverId, beat]);
  return { ...known, failure, refresh: useCallback(() => setAsked((count) => count + 1), []) };
};
