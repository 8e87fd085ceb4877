import type { Circle, Done, SessionPorts } from "../ports.ts";
import type { Line } from "../peer.ts";
import { acknowledge } from "../reply.ts";
import { no } from "../ask.ts";

/** A passenger's map is open there: the free cars of the market of its middle. */
export const watchNearby = (
  { desk, pushes }: Pick<SessionPorts, "desk" | "pushes">,
  line: Line,
  circle: Circle,
  id: string | null,
  done: Done,
): void => {
  const place = desk.placeAt(circle);
  if (place === undefined) return done(no("outside_area", "this is outside every service area"));
  if (!pushes.watchNearby(line, place, circle)) return done(no("busy", "too many maps are open"));
  acknowledge(line, id);
};
