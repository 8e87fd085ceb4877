import type { ActPorts } from "./effects/ports.ts";
import type { Logger } from "pino";
import type { Metrics } from "./metrics.ts";

/** A trip that needs a look is rare enough to be a line, and is counted (T30). */
export const openTripAlarms =
  (metrics: Metrics, logger: Logger): ActPorts["alarmed"] =>
  (alarm, tripId, market) => {
    metrics.tripAlarms.inc({ alarm });
    logger.warn({ trip_id: tripId, market, alarm }, "trip needs a look");
  };
