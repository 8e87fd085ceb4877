import { afterAll, beforeAll, expect, test } from "vitest";
import { batchOf, eventRow, tripRow } from "../fixtures/rows.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openLog } from "../../src/log/open-log.ts";
import { spawnSync } from "node:child_process";
import { startEmbedded } from "../../src/log/embedded/start-embedded.ts";
import { tmpdir } from "node:os";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "dg-do-backup-"));
  spawnSync("chmod", ["a+rx", dir]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const served = async (data: string) => {
  const embedded = await startEmbedded({ dir: data, log: () => undefined });
  const log = await openLog({ url: embedded.url });
  const [market] = await log.take([{ key: "m", name: "M" }]);
  const stop = async (): Promise<void> => {
    await log.close();
    await embedded.stop();
  };
  return { log, market: market!, stop };
};

test("E68: given a copy of the data folder of a stopped server, when a server starts on the copy, then it takes its markets with a new epoch and recovers the same, and the first one lives on beside it", async () => {
  const first = await served(join(dir, "data"));
  const rows = [eventRow(first.market, { commandId: "20000:a", commandHash: 1 })];
  await first.market.append(batchOf(rows, { lists: [tripRow()] }));
  await first.stop();
  expect(spawnSync("cp", ["-a", join(dir, "data"), join(dir, "copy")]).status).toBe(0);

  const again = await served(join(dir, "data"));
  const copy = await served(join(dir, "copy"));
  await again.market.append(batchOf([eventRow(again.market, { position: 2, turn: 2, actorId: "trip-2" })]));
  expect(copy.market.taken).toMatchObject({ epoch: first.market.taken.epoch + 1, position: 1 });
  expect(await copy.market.recover()).toEqual({ checkpoint: 0, actors: [], tail: rows });
  expect(await copy.log.history.invariants()).toEqual({ I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 });
  await copy.stop();
  await again.stop();
});
