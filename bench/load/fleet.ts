import { type Phone, openPhone } from "./phone.ts";
import { type PingFrames, createPingFrames } from "./ping-frames.ts";
import { frame } from "./web-socket.ts";
import { inParallel } from "../city/parallel.ts";
import { pack } from "msgpackr";
import { seeded } from "../city/random.ts";

const AT_ONCE = 32;
/** Every this many pings a driver waits until the server has read them. */
export const PINGS_A_BARRIER = 100;

export interface Driver {
  readonly phone: Phone;
  readonly pings: PingFrames;
}

/** Drivers registered, connected, and available where they are. */
export const openFleet = (url: string, size: number): Promise<readonly Driver[]> =>
  inParallel(size, AT_ONCE, async (seat) => {
    const { driver_id, token } = await register(url, seat);
    const driver = await connected(url, driver_id, token, seat);
    driver.pings.driveOn();
    driver.phone.send(driver.pings.bytes.subarray(0, driver.pings.bytes.length));
    driver.phone.send(frame(pack({ type: "driver_status", status: "available", id: "a" })));
    await driver.phone.acked();
    return driver;
  });

/** Sockets that nobody asks who they are. */
export const openBareFleet = (url: string, size: number): Promise<readonly Driver[]> =>
  inParallel(size, AT_ONCE, (seat) => connected(url, `d${seat}`, "none", seat));

const connected = async (url: string, driverId: string, token: string, seat: number): Promise<Driver> => ({
  phone: await openPhone(Number(new URL(url).port), driverId, token),
  pings: createPingFrames(seeded(42, "driver", seat), PINGS_A_BARRIER),
});

const register = async (url: string, seat: number): Promise<{ driver_id: string; token: string }> => {
  const answer = await fetch(`${url}/drivers/register`, {
    method: "POST",
    body: JSON.stringify({
      email: `driver-${seat}@bench.example`,
      first_name: "Driver",
      vehicle_type: "standard",
      license_plate: `BENCH ${seat}`,
    }),
  });
  if (answer.status !== 201) throw new Error(`a driver could not be registered: HTTP ${answer.status}`);
  return (await answer.json()) as { driver_id: string; token: string };
};
