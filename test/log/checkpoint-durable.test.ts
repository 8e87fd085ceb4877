import { afterAll, expect, test } from "vitest";
import { actorRow, AT, batchOf, eventRow } from "../fixtures/rows.ts";
import { connect } from "../../src/log/connect.ts";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { openLog } from "../../src/log/open-log.ts";

const database = await freshDatabase();
const sql = connect(database.url, { max: 1 });
const log = await openLog({ url: database.url });
afterAll(async () => {
  await log.close();
  await sql.close();
  await database.drop();
});

test("E101: given actors of a checkpoint, when it is answered, then they are on the disk: nobody writes them again", async () => {
  const [market] = await log.take([{ key: "durable", name: "Durable" }]);
  await market!.append(batchOf([eventRow(market!)]));
  const wal = async (which: "insert" | "flush"): Promise<number> => {
    const text = `select pg_current_wal_${which}_lsn() - '0/0'::pg_lsn as bytes`;
    const [row] = await sql.run((s) => s.unsafe<{ bytes: string }[]>(text));
    return Number(row!.bytes);
  };
  for (let seq = 1; seq <= 20; seq++) {
    const before = await wal("insert");
    await market!.checkpoint({ position: 0, aliveAt: AT, actors: [actorRow(market!, { seq })] });
    expect(await wal("flush")).toBeGreaterThan(before);
  }
});
