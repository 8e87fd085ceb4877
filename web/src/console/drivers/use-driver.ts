import { type Failure, failureOf } from "../../app/failure.ts";
import type { DriverBody, TripsBody } from "../../../../src/protocol/http-bodies.ts";
import { useCallback, useEffect, useState } from "react";
import type { DriverWhy } from "../../../../src/protocol/driver-why-bodies.ts";
import { useConsole, useOperator } from "../operator.tsx";

interface Known {
  readonly driver: DriverBody | null;
  readonly trips: TripsBody["items"];
  readonly looks: DriverWhy["looks"];
}

/** What the server knows of a driver, asked again when a row of the log is about them. */
export const useDriver = (driverId: string) => {
  const { http } = useOperator();
  const [known, setKnown] = useState<Known>({ driver: null, trips: [], looks: [] });
  const [failure, setFailure] = useState<Failure>();
  const [asked, setAsked] = useState(0);
  const newest = useConsole(({ rows }) => rows.find(({ actor_id: id }) => id === driverId)?.position);

  useEffect(() => {
    let left = false;
    void Promise.all([
      http.driver(driverId),
      http.trips({ driver_id: driverId, limit: 50 }),
      http.driverWhy(driverId),
    ]).then(([driver, trips, why]) => {
      if (left) return;
      setFailure(failureOf(driver) ?? failureOf(trips) ?? failureOf(why));
      setKnown((before) => ({
        driver: driver.is === "ok" ? driver.body : before.driver,
        trips: trips.is === "ok" ? trips.body.items : before.trips,
        looks: why.is === "ok" ? why.body.looks : before.looks,
      }));
    });
    return () => {
      left = true;
    };
  }, [http, driverId, newest, asked]);
  return { ...known, failure, refresh: useCallback(() => setAsked((count) => count + 1), []) };
};
