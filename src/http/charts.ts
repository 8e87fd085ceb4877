import { driverMachine, driverVersion } from "../../machines/driver.ts";
import { driverStatusOf, tripStatusOf } from "../../machines/context.ts";
import { tripMachine, tripVersion } from "../../machines/trip.ts";
import { whoMayDriver, whoMayTrip } from "../../machines/events.ts";
import type { HttpPorts } from "./ports.ts";
import type { Route } from "../socket/port.ts";
import { drawingOf } from "../../machines/drawing.ts";
import { guarded, nothing } from "./guard.ts";
import { json, notFound } from "./replies.ts";

/** `GET /charts/{kind}`: the statechart of trips or of drivers, as it runs. */
export const chart = (ports: HttpPorts): Route => {
  const drawings = new Map([
    ["trip", json(200, drawingOf(tripVersion, tripMachine, tripStatusOf, whoMayTrip))],
    ["driver", json(200, drawingOf(driverVersion, driverMachine, driverStatusOf, whoMayDriver))],
  ]);
  return guarded(
    ports,
    ["admin"],
    nothing,
    ({ request }) => drawings.get(request.params["kind"] ?? "") ?? notFound("chart"),
  );
};
