import { actorRow, AT, batchOf, eventRow, tripRow } from "../fixtures/rows.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPostgres15, startPostgres15 } from "../fixtures/postgres-15.ts";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { openLog, type Log } from "../../src/log/open-log.ts";

const title = hasPostgres15
  ? "on PostgreSQL 15 of the system, with another collation"
  : "on PostgreSQL 15 (skipped: apt-get install postgresql-15)";

describe.skipIf(!hasPostgres15)(title, () => {
  let postgres: Awaited<ReturnType<typeof startPostgres15>>;
  beforeAll(async () => {
    postgres = await startPostgres15();
  });
  afterAll(() => postgres.stop());

  test("E20: given an empty database there, when a market lives through append, checkpoint, refusal and recovery, then all of it holds", async () => {
    const database = await freshDatabase(postgres.url);
    const log: Log = await openLog({ url: database.url });
    const [market] = await log.take([{ key: "m", name: "M" }]);
    if (!market) throw new Error("no market");
    const rows = ["20000:B", "20000:a"].map((commandId, i) =>
      eventRow(market, { position: i + 1, turn: i + 1, actorId: `t${i}`, commandId, commandHash: i }),
    );
    const claimed = [{ driverId: "d", tripId: "t0" }];
    const lists = [tripRow({ id: "t0", status: "accepted", driverId: "d" })];
    expect(await market.append(batchOf(rows, { claimed, lists }))).toEqual({ is: "committed" });
    expect(await market.append(batchOf([eventRow(market, { position: 3, actorId: "t0" })]))).toMatchObject({
      is: "refused",
      sqlstate: "23505",
    });
    expect((await market.remembered("20000:A", 9)).map((row) => row.commandId)).toEqual([
      "20000:B",
      "20000:a",
    ]);
    const actors = [actorRow(market, { id: "t0" })];
    expect(await market.checkpoint({ position: 1, aliveAt: AT, actors })).toBe(true);
    expect(await market.recover()).toEqual({ checkpoint: 1, actors, tail: [rows[1]], lost: [] });
    expect(await log.history.invariants()).toEqual({ I1: 0, I2: 0, I3: 0, I4: 0, I7: 0 });
    await log.close();
    await database.drop();
  });
});
