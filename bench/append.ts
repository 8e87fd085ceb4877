import { type Bench, type Row, quantile } from "./row.ts";
import type { Batch } from "../src/log/log.ts";
import type { EventRow } from "../src/domain/row.ts";
import { connect } from "../src/log/connect.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ms } from "../src/domain/time.ts";
import { openLog } from "../src/log/open-log.ts";
import { startEmbedded } from "../src/log/embedded/start-embedded.ts";
import { tmpdir } from "node:os";

// Appending to the embedded Postgres with fsync on: the log's append against a bare insert of as many rows.

const FOR_MS = 3_000;
const BATCHES = [1, 13, 100, 500];

const rowOf = (position: number, turn: number, epoch: number, market: number): EventRow => ({
  market: market as EventRow["market"],
  position,
  turn,
  actorKind: "trip",
  actorId: `01979a5e-0000-7000-8000-${String(position).padStart(12, "0")}`,
  seq: 2,
  type: "offer.accepted",
  body: { offerId: String(position), driverId: "01979a5e-aaaa-7000-8000-000000000001" },
  fromState: "requested.offering",
  toState: "accepted",
  changes: {
    offers: {},
    closed: { "12": "accepted" },
    assignment: {
      driverId: "01979a5e-aaaa-7000-8000-000000000001",
      acceptedAt: 1,
      etaS: 120,
      distanceM: 400,
    },
  },
  effects: [{ type: "ask", to: { kind: "driver", id: "d1" }, event: { type: "taken", tripId: "t1" } }],
  at: ms(1_700_000_000_000 + position),
  causedBy: null,
  commandId: `19675:driver:d1:k${position}`,
  commandHash: 7,
  machine: "trip@1",
  epoch,
});

const timed = async (
  label: string,
  kind: Row["kind"],
  rows: number,
  once: () => Promise<void>,
): Promise<Row> => {
  for (let i = 0; i < 5; i++) await once();
  const samples: number[] = [];
  const begun = performance.now();
  while (performance.now() - begun < FOR_MS) {
    const started = performance.now();
    await once();
    samples.push(performance.now() - started);
  }
  const perSecond = (samples.length * rows * 1_000) / (performance.now() - begun);
  return {
    label,
    kind,
    value: perSecond,
    unit: "rows/s",
    p50_ms: quantile(samples, 0.5),
    p99_ms: quantile(samples, 0.99),
  };
};

export const bench: Bench = {
  name: "append",
  run: async () => {
    const dir = mkdtempSync(join(tmpdir(), "dg-bench-"));
    const postgres = await startEmbedded({ dir, log: () => {} });
    const log = await openLog({ url: postgres.url });
    const [market] = await log.take([{ key: "bench", name: "Bench" }]);
    const bare = connect(postgres.url, { max: 1 });
    const results: Row[] = [];
    try {
      await bare.run((sql) => sql`create table control (position bigint primary key, body jsonb)`);
      let position = 0;
      let inserted = 0;
      for (const size of BATCHES) {
        const append = async () => {
          const rows = Array.from({ length: size }, (_, i) =>
            rowOf(position + i + 1, position + 1, market!.taken.epoch, market!.market),
          );
          const batch: Batch = {
            from: position,
            to: position + size,
            rows,
            released: [],
            moved: [],
            claimed: [],
            lists: [],
            aliveAt: null,
          };
          const appended = await market!.append(batch);
          if (appended.is !== "committed") throw new Error(JSON.stringify(appended));
          position += size;
        };
        const insert = async () => {
          const rows = Array.from({ length: size }, (_, i) => ({
            position: inserted + i,
            body: JSON.stringify(rowOf(i, i, 1, 1)),
          }));
          inserted += size;
          await bare.run((sql) => sql`insert into control ${sql(rows)}`);
        };
        results.push(await timed(`append of ${size} rows, one at a time`, "ours", size, append));
        results.push(await timed(`postgres: bare insert of ${size} rows`, "control", size, insert));
      }
      return results;
    } finally {
      await bare.close();
      await log.close();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  },
};
