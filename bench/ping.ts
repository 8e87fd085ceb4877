import type { Bench, Row } from "./row.ts";
import { type Driver, openBareFleet, openFleet } from "./load/fleet.ts";
import { burdenRows, during } from "./load/burden.ts";
import { pingHard } from "./load/ping-load.ts";
import { scrape } from "./load/scrape.ts";
import { startBare } from "./load/start-bare.ts";
import type { ServerProcess } from "./start-server.ts";
import { withServer } from "./load/with-server.ts";

// Compact pings over the sockets of available drivers, as fast as the server takes them: each in a packet of
// its own, as phones send them (about as much as one core can send: see whose CPU is spent), and a hundred in
// one. Control: bare uWebSockets.js that counts frames.

const FLEET = { size: 2_000, pingsEach: 100 };
const WARM_UP_MS = 1_000;
const FOR_MS = 4_000;
const TAKEN = 'pings_total{verdict="taken"}';

const measured = async (
  kind: "ours" | "control",
  who: string,
  server: { url: string; pid: number },
  drivers: readonly Driver[],
): Promise<Row[]> => {
  const rows: Row[] = [];
  for (const together of [1, FLEET.pingsEach]) {
    await pingHard(drivers, { together, forMs: WARM_UP_MS });
    const before = (await scrape(server.url)).get(TAKEN) ?? 0;
    const [{ sent, tookMs }, burden] = await during(server.pid, () =>
      pingHard(drivers, { together, forMs: FOR_MS }),
    );
    const taken = ((await scrape(server.url)).get(TAKEN) ?? 0) - before;
    const all = taken === sent ? "" : ` (${taken} of ${sent} taken)`;
    rows.push(
      {
        label: `${who}: pings, ${together} in a packet, ${drivers.length} sockets${all}`,
        kind,
        value: (taken * 1_000) / tookMs,
        unit: "pings/s",
      },
      ...burdenRows(kind, burden),
      { label: "  server's memory", kind, value: burden.serverRssMb, unit: "MB" },
    );
  }
  for (const { phone } of drivers) phone.close();
  return rows;
};

const run = async (server: ServerProcess): Promise<Row[]> => {
  const [url, pid] = [server.url, server.pid!];
  const ours = await measured("ours", "driver sockets", { url, pid }, await openFleet(url, FLEET));
  const bare = await startBare();
  const control = await measured("control", "uWebSockets.js", bare, await openBareFleet(bare.url, FLEET));
  bare.stop();
  return [...ours, ...control];
};

export const bench: Bench = { name: "ping", run: () => withServer(run) };
