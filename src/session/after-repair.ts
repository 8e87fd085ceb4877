import type { Registry } from "./registry.ts";
import type { TripContext } from "../../machines/context.ts";
import type { Turn } from "../market/ports.ts";
import { REPAIRED } from "../domain/row.ts";

/**
 * While an actor was in quarantine people were told what it was when it was last good, and some things not at all.
 * After its repair those who have a part in it are told all anew (M110).
 */
export const afterRepair = ({ welcomeAnew }: Pick<Registry, "welcomeAnew">, { steps }: Turn): void => {
  if (steps[0]!.row.type !== REPAIRED) return;
  for (const { after } of steps) {
    if (after.kind === "driver") {
      welcomeAnew("driver", after.id);
      continue;
    }
    const { passengerId, assignment } = after.context as unknown as TripContext;
    welcomeAnew("passenger", passengerId);
    if (assignment !== null) welcomeAnew("driver", assignment.driverId);
  }
};
