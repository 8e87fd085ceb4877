import type { Driver } from "./fleet.ts";
import { PING_BYTES } from "./ping-frames.ts";
import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Each driver sends its pings as fast as the server reads them, `together` of them in one packet, taking
 * turns; after the last it waits until the server has read them all, and begins again. `sent` counts the
 * barriers too: they are positions as well.
 */
export const pingHard = async (
  drivers: readonly Driver[],
  { together, forMs }: { together: number; forMs: number },
): Promise<{ sent: number; tookMs: number }> => {
  const begun = performance.now();
  const step = together * PING_BYTES;
  let sent = 0;
  const drive = async ({ phone, pings }: Driver): Promise<void> => {
    while (performance.now() - begun < forMs) {
      pings.driveOn();
      for (let from = 0; from < pings.bytes.length; from += step) {
        phone.send(pings.bytes.subarray(from, from + step));
        await nextTurn();
      }
      phone.send(pings.barrier());
      await phone.acked();
      sent += pings.bytes.length / PING_BYTES + 1;
    }
  };
  await Promise.all(drivers.map(drive));
  return { sent, tookMs: performance.now() - begun };
};
