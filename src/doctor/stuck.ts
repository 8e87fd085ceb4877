import type { Actor, Market, Meaning } from "../market/ports.ts";
import type { ActorKind } from "../domain/row.ts";
import type { Ms } from "../domain/time.ts";
import type { TripContext } from "../../machines/context.ts";

/** A market at work feeds a deadline within milliseconds. */
const LATE_MS = 10_000;

/** Why somebody should look at a live trip or driver. `overdue`: its deadline passed and was not fed. */
export type Cause = "overdue" | TripContext["alarms"][number];

/** Empty: it is as it should be. `now`: market time, or the market's last sign of life. */
export const stuckBecause = (meaning: Meaning, actor: Actor, now: Ms): readonly Cause[] => {
  const due = meaning.due(actor);
  return [
    ...(due !== null && due.at + LATE_MS < now ? (["overdue"] as const) : []),
    ...(actor.kind === "trip" ? (actor.context as unknown as TripContext).alarms : []),
  ];
};

/** Live trips or online drivers by cause, for a gauge: some 10,000 of them take a few milliseconds. */
export const countStuck = (
  meaning: Meaning,
  markets: readonly Pick<Market, "now" | "all">[],
  kind: ActorKind,
): Readonly<Partial<Record<Cause, number>>> => {
  const count: Partial<Record<Cause, number>> =
    kind === "trip" ? { overdue: 0, driver_lost: 0, pickup_late: 0, ride_stuck: 0 } : { overdue: 0 };
  for (const market of markets)
    for (const actor of market.all(kind))
      for (const cause of stuckBecause(meaning, actor, market.now())) count[cause] = (count[cause] ?? 0) + 1;
  return count;
};
