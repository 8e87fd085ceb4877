import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import { connect, type Client } from "../../src/log/connect.ts";
import { openLog, type Log } from "../../src/log/open-log.ts";
import { freshDatabase, type Database } from "../fixtures/fresh-database.ts";
import { openProxy, type Proxy } from "../fixtures/proxy.ts";
import { batchOf, eventRow } from "../fixtures/rows.ts";
import { ms } from "../../src/domain/time.ts";
import type { MarketLog } from "../../src/log/log.ts";

let database: Database;
let direct: Client;
let proxy: Proxy;
let log: Log;
let market: MarketLog;
let retries: string[];
let runs = 0;

beforeAll(async () => {
  database = await freshDatabase();
  direct = connect(database.url, { max: 2 });
});
afterAll(async () => {
  await direct.close();
  await database.drop();
});
beforeEach(async () => {
  retries = [];
  proxy = await openProxy(database.url);
  log = await openLog({ url: proxy.url, alarm: (_, detail) => retries.push(String(detail["error"])) });
  market = (await log.take([{ key: `m${++runs}`, name: "" }]))[0] as MarketLog;
  // The first append prepares the statement, so that later ones are one request and one answer.
  await market.append(batchOf([eventRow(market)]));
});
afterEach(async () => {
  await log.close();
  await proxy.close();
});

const batch = (position: number) => batchOf([eventRow(market, { position, actorId: `t${position}` })]);
const rowsInLog = async (): Promise<number | undefined> =>
  (
    await direct.run(
      (sql) => sql<{ n: number }[]>`select count(*) as n from event where market = ${market.market}`,
    )
  )[0]?.n;

/** Resolves once the row is locked; the function given back lets it go. */
const holdMarketRow = (): Promise<() => Promise<unknown>> =>
  new Promise((locked, failed) => {
    const transaction = direct.run(
      (sql) =>
        sql.begin(async (tx) => {
          await tx`set local idle_in_transaction_session_timeout = 0`;
          await tx`select from market where id = ${market.market} for update`;
          await new Promise<void>((release) => {
            locked(() => {
              release();
              return transaction;
            });
          });
        }),
      ms(30_000),
    );
    transaction.catch(failed);
  });

test("E12: given a commit whose answer is lost, when the connection is cut, then the batch is found committed and is in once", async () => {
  const cut = proxy.cutNextAnswer();
  const appended = market.append(batch(2));
  await cut;
  // The answer existed, so the transaction was over before anybody was told.
  expect(await rowsInLog()).toBe(2);
  expect(await appended).toEqual({ is: "committed" });
  expect(await rowsInLog()).toBe(2);
  expect(retries).toHaveLength(1);
});

test("E14: given a cut connection, when appending, then the batch is sent again on a new one", async () => {
  proxy.cut();
  expect(await market.append(batch(2))).toEqual({ is: "committed" });
  expect(await market.append(batch(3))).toEqual({ is: "committed" });
  expect(await rowsInLog()).toBe(3);
});

test("E14: given a network that swallows everything, when it comes back, then the hung connection was replaced and the batch is in", async () => {
  proxy.blackhole();
  const appended = market.append(batch(2));
  await expect.poll(() => retries, { timeout: 10_000 }).toHaveLength(1);
  proxy.forward();
  expect(await appended).toEqual({ is: "committed" });
  expect(await rowsInLog()).toBe(2);
});

test("E14: given somebody holding the market's row, when appending, then lock timeouts are retried until it is free", async () => {
  const release = await holdMarketRow();
  const appended = market.append(batch(2));
  await expect.poll(() => retries, { timeout: 10_000 }).toHaveLength(1);
  expect(retries[0]).toMatch(/lock timeout|statement timeout/);
  await release();
  expect(await appended).toEqual({ is: "committed" });
});

test("E11: given an owner fenced while its connection was gone, when it retries, then it is told so and wrote nothing", async () => {
  proxy.cut();
  await direct.run((sql) => sql`update market set epoch = epoch + 1 where id = ${market.market}`);
  expect(await market.append(batch(2))).toEqual({ is: "fenced" });
  expect(await rowsInLog()).toBe(1);
});

test("E14: given a database that is gone, when asked whether it is ready, then the answer is no within its deadline, and yes once it is back", async () => {
  proxy.blackhole();
  expect(await log.ready()).toBe(false);
  proxy.forward();
  await expect.poll(() => log.ready(), { timeout: 10_000 }).toBe(true);
});
