import { afterAll, afterEach, expect, test } from "vitest";
import { connect } from "../../src/log/connect.ts";
import { openLog, type Log } from "../../src/log/open-log.ts";
import { freshDatabase } from "../fixtures/fresh-database.ts";
import { openProxy } from "../fixtures/proxy.ts";
import { batchOf, eventRow } from "../fixtures/rows.ts";

const database = await freshDatabase();
const sql = connect(database.url, { max: 1 });
const logs: Log[] = [];
const open = async (url = database.url): Promise<Log> => {
  const log = await openLog({ url });
  logs.push(log);
  return log;
};
const only = async (log: Log, key: string) => (await log.take([{ key, name: key }]))[0]!;

afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()));
});
afterAll(async () => {
  await sql.close();
  await database.drop();
});

test("E17: given a market owned by a server, when a second one takes it, then that one gets one clear line and the first works on", async () => {
  const market = await only(await open(), "owned");
  const second = await open();
  await expect(only(second, "owned")).rejects.toThrow(/^another server owns market owned$/);
  expect(await market.append(batchOf([eventRow(market)]))).toEqual({ is: "committed" });
});

test("E17: given several servers that start at once on new markets, when each takes its own, then numbers differ and keys keep theirs", async () => {
  const keys = ["a", "b", "c"];
  const made = await Promise.all(keys.map(async (key) => only(await open(), key)));
  expect(new Set(made.map((market) => market.market)).size).toBe(3);
  await Promise.all(logs.splice(0).map((log) => log.close()));
  const again = await (await open()).take(keys.toReversed().map((key) => ({ key, name: "renamed" })));
  expect(again.map((market) => market.market)).toEqual(made.map((market) => market.market).toReversed());
});

test("E17: given an owner whose connections are cut, when they come back, then it holds the lock again with the same epoch", async () => {
  const proxy = await openProxy(database.url);
  const log = await open(proxy.url);
  const market = await only(log, "cut");
  const holders = async () =>
    (
      await sql.run(
        (s) => s<{ pid: number }[]>`
      select pid from pg_locks where locktype = 'advisory' and objid = ${market.market} and objsubid = 2 and granted`,
      )
    ).map((row) => row.pid);
  const [before] = await holders();
  proxy.cut();
  await expect
    .poll(async () => (await holders()).filter((pid) => pid !== before), { timeout: 10_000 })
    .toHaveLength(1);
  expect(await market.append(batchOf([eventRow(market)]))).toEqual({ is: "committed" });
  await expect(only(await open(), "cut")).rejects.toThrow("another server owns market cut");
  await log.close();
  await proxy.close();
});
