import { backoffMs } from "../../src/client/backoff.ts";
import { inParallel } from "../../bench/city/parallel.ts";
import { openWebSocket } from "../../bench/load/web-socket.ts";
import { setTimeout as sleep } from "node:timers/promises";

// A process of its own, so that ten thousand sockets hold up nobody but the server. It is sent a crowd,
// keeps each of them connected, and says so whenever all are there.

export interface Crowd {
  readonly port: number;
  /** Of `crowd-0`, `crowd-1`, … */
  readonly tokens: readonly string[];
}

const AT_ONCE = 500;

const gather = async ({ port, tokens }: Crowd): Promise<void> => {
  let present = 0;
  const stay = async (seat: number): Promise<void> => {
    for (let failures = 0; ; failures++) {
      const welcomed = await connect(port, seat, tokens[seat]!, () => {
        present -= 1;
        void stay(seat);
      });
      if (welcomed) break;
      await sleep(backoffMs(failures));
    }
    present += 1;
    if (present === tokens.length) process.send!("all are there");
  };
  await inParallel(tokens.length, AT_ONCE, stay);
};

/** True when welcomed; then `lost` is called once, when that is over. */
const connect = (port: number, seat: number, token: string, lost: () => void): Promise<boolean> =>
  new Promise((resolve) => {
    let inside = false;
    // The welcome is the first message.
    const heard = (): void => {
      inside = true;
      resolve(true);
    };
    const ended = (): void => {
      resolve(false);
      if (inside) lost();
      inside = false;
    };
    openWebSocket(port, `/ws/passenger/crowd-${seat}`, token, heard, ended).catch(() => undefined);
  });

process.once("message", (crowd) => void gather(crowd as Crowd));
process.once("disconnect", () => process.exit());
