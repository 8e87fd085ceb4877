import { monitorEventLoopDelay } from "node:perf_hooks";

/** The timer behind the measure; an idle loop is late by about so much. */
const RESOLUTION_MS = 10;

/** How late the event loop is; starts measuring at once. */
export const watchLoop = () => {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loop.enable();
  return {
    /** p99 since it was last asked. */
    lagMs(): number {
      const late = loop.percentile(99) / 1e6 - RESOLUTION_MS;
      loop.reset();
      return Number.isFinite(late) ? Math.max(0, late) : 0;
    },
    stop: () => void loop.disable(),
  };
};
