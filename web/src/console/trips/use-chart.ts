import type { ChartBody } from "../../../../src/protocol/chart-bodies.ts";
import type { Operator } from "../open-operator.ts";
import { useEffect, useState } from "react";
import { useOperator } from "../operator.tsx";

/** A server's chart never changes while it runs. */
const charts = new WeakMap<Operator["http"], Promise<ChartBody | null>>();

/** The statechart of trips; null until it is there. */
export const useTripChart = (): ChartBody | null => {
  const { http } = useOperator();
  const [chart, setChart] = useState<ChartBody | null>(null);
  useEffect(() => {
    const asked =
      charts.get(http) ??
      http.chart("trip").then((result) => {
        if (result.is === "ok") return result.body;
        charts.delete(http); // the next page that needs it asks again
        return null;
      });
    charts.set(http, asked);
    void asked.then(setChart);
  }, [http]);
  return chart;
};
