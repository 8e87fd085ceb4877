import { type Answered, type Requests, asFastAsItGoes, atRate } from "./load/http-load.ts";
import type { Bench, Row } from "./row.ts";
import { burdenRows, during } from "./load/burden.ts";
import { quantileBetween, scrape } from "./load/scrape.ts";
import { openFleet } from "./load/fleet.ts";
import { seeded } from "./city/random.ts";
import { somewhere } from "./load/somewhere.ts";
import { startBare } from "./load/start-bare.ts";
import type { ServerProcess } from "./start-server.ts";
import { tokenSigner } from "./city/server/token.ts";
import { withServer } from "./load/with-server.ts";

// `POST /v1/match` over HTTP at random points, while drivers with sockets of their own say where they are.
// Control: bare uWebSockets.js that answers the same requests with constant bytes.

const DRIVERS = 2_000;
/** The fleet says where it is as often: a slice of it each time. */
const PING_EVERY_MS = 5_000;
const SLICES = 100;
const CONNECTIONS = 32;
const PIPELINED = 8;
const MODERATE_PER_S = 5_000;
const POINTS = 4_096;
const WARM_UP_MS = 1_500;
const FOR_MS = 3_000;

const requestsAt = (url: string, token: string): Requests => {
  const random = seeded(42, "match");
  const { host, port } = new URL(url);
  const all = Array.from({ length: POINTS }, () => {
    const body = JSON.stringify(somewhere(random));
    return Buffer.from(
      `POST /v1/match HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });
  return { port: Number(port), all, connections: CONNECTIONS };
};

const measured = async (
  kind: "ours" | "control",
  who: string,
  requests: Requests,
  pid: number,
): Promise<Row[]> => {
  const row = (label: string, { perS, ...took }: Answered): Row => ({
    label: `${who}: ${label}`,
    kind,
    value: perS,
    unit: "requests/s",
    ...took,
  });
  await asFastAsItGoes(requests, 1, WARM_UP_MS);
  const [each, eachBurden] = await during(pid, () => asFastAsItGoes(requests, 1, FOR_MS));
  const [piped, pipedBurden] = await during(pid, () => asFastAsItGoes(requests, PIPELINED, FOR_MS));
  const [paced, pacedBurden] = await during(pid, () => atRate(requests, MODERATE_PER_S, FOR_MS));
  return [
    row(`${CONNECTIONS} connections`, each),
    ...burdenRows(kind, eachBurden),
    row(`${CONNECTIONS} connections, ${PIPELINED} on their way in each`, piped),
    ...burdenRows(kind, pipedBurden),
    row("at random moments, from the moment meant", paced),
    burdenRows(kind, pacedBurden)[0]!, // the generator spins
    { label: "  server's memory", kind, value: pacedBurden.serverRssMb, unit: "MB" },
  ];
};

const run = async (server: ServerProcess): Promise<Row[]> => {
  const drivers = await openFleet(server.url, { size: DRIVERS, pingsEach: 1 });
  const ping = (from: number, step: number): void => {
    for (let i = from; i < DRIVERS; i += step) {
      drivers[i]!.pings.driveOn();
      drivers[i]!.phone.send(drivers[i]!.pings.bytes);
    }
  };
  ping(0, 1);
  let slice = 0;
  const wheel = setInterval(() => ping((slice = (slice + 1) % SLICES), SLICES), PING_EVERY_MS / SLICES);

  const token = tokenSigner(server.secret, Math.floor(Date.now() / 1_000) + 3_600)("bench", "service");
  const sample = await fetch(`${server.url}/v1/match`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ lat: 38.56, lng: 68.78 }),
  });
  const bare = await startBare(await sample.text());
  const before = await scrape(server.url);
  const ours = await measured("ours", "match", requestsAt(server.url, token), server.pid!);
  const after = await scrape(server.url);
  const control = await measured("control", "uWebSockets.js", requestsAt(bare.url, token), bare.pid);
  bare.stop();
  clearInterval(wheel);
  for (const { phone } of drivers) phone.close();

  const insideMs = (q: number) => quantileBetween(before, after, "match_latency_seconds", q) * 1_000;
  const inside: Row = {
    label: "inside the server, 95 of 100 (match_latency_seconds)",
    kind: "ours",
    value: insideMs(0.95) * 1_000,
    unit: "us",
    p50_ms: insideMs(0.5),
    p99_ms: insideMs(0.99),
  };
  return [...ours, inside, ...control];
};

export const bench: Bench = { name: "match", run: () => withServer(run) };
