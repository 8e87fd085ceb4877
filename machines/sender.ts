import { type EventRow, REPAIRED } from "../src/domain/row.ts";
import { whoMayDriver, whoMayTrip } from "./events.ts";
import type { By } from "../src/domain/status.ts";

/** Who caused an event that no other row caused: its type says it, of an arrival its body (E140). */
export const senderOf = ({ actorKind, type, body }: Pick<EventRow, "actorKind" | "type" | "body">): By => {
  if (type === REPAIRED) return "admin";
  if (type === "driver.arrived" && body["by"] === "geofence") return "system";
  const who: Readonly<Record<string, readonly By[]>> = actorKind === "trip" ? whoMayTrip : whoMayDriver;
  return who[type]?.[0] ?? "system";
};
