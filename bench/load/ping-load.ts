import { type Driver, PINGS_A_BARRIER } from "./fleet.ts";
import { PING_BYTES } from "./ping-frames.ts";
import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Every driver sends pings as fast as the server reads them, `together` in one packet, taking turns;
 * after each hundred it waits for the server. `sent` counts the barriers too: they are positions as well.
 */
export const pingHard = async (
  drivers: readonly Driver[],
  { together, forMs }: { together: number; forMs: number },
): Promise<{ sent: number; tookMs: number }> => {
  const begun = performance.now();
  const until = begun + forMs;
  let sent = 0;
  const drive = async ({ phone, pings }: Driver): Promise<void> => {
    const step = together * PING_BYTES;
    while (performance.now() < until) {
      pings.driveOn();
      for (let from = 0; from < pings.bytes.length; from += step) {
        phone.send(pings.bytes.subarray(from, from + step));
        await nextTurn();
      }
      phone.send(pings.barrier);
      await phone.acked();
      sent += PINGS_A_BARRIER + 1;
    }
  };
  await Promise.all(drivers.map(drive));
  return { sent, tookMs: performance.now() - begun };
};
