import { PING_BYTES, type PingFrames, createPingFrames } from "./ping-frames.ts";
import { type Phone, openPhone } from "./phone.ts";
import { frame } from "./web-socket.ts";
import { inParallel } from "../city/parallel.ts";
import { pack } from "msgpackr";
import { seeded } from "../city/random.ts";

export interface Driver {
  readonly phone: Phone;
  readonly pings: PingFrames;
}

interface Fleet {
  readonly size: number;
  /** So many pings are made at a time. */
  readonly pingsEach: number;
}

const AT_ONCE = 32;

/** Drivers registered, connected, and available where they are. */
export const openFleet = (url: string, fleet: Fleet): Promise<readonly Driver[]> =>
  inParallel(fleet.size, AT_ONCE, async (seat) => {
    const { driver_id, token } = await register(url, seat);
    const driver = await connect(url, driver_id, token, seat, fleet);
    driver.phone.send(driver.pings.bytes.subarray(0, PING_BYTES));
    driver.phone.send(frame(pack({ type: "driver_status", status: "available", id: "a" })));
    await driver.phone.acked();
    return driver;
  });

/** As many sockets to a server that asks nobody who they are. */
export const openBareFleet = (url: string, fleet: Fleet): Promise<readonly Driver[]> =>
  inParallel(fleet.size, AT_ONCE, (seat) => connect(url, `d${seat}`, "none", seat, fleet));

const connect = async (
  url: string,
  driverId: string,
  token: string,
  seat: number,
  { pingsEach }: Fleet,
): Promise<Driver> => ({
  phone: await openPhone(Number(new URL(url).port), driverId, token),
  pings: createPingFrames(seeded(42, "driver", seat), pingsEach),
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
