import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AT, batchOf, eventRow, tripRow } from "../fixtures/rows.ts";
import { type TestLog, bothLogs } from "./both-logs.ts";
import type { Log } from "../../src/log/open-log.ts";
import type { MarketLog } from "../../src/log/log.ts";
import { ms } from "../../src/domain/time.ts";
import { tripId } from "../../src/domain/ids.ts";

describe.each(bothLogs)("append %s", (_, open) => {
  let opened: TestLog;
  let log: Log;
  let owned: readonly MarketLog[];
  let market: MarketLog;
  let markets = 0;

  beforeAll(async () => {
    opened = await open();
    ({ log } = opened);
    owned = await log.take(Array.from({ length: 30 }, (_, i) => ({ key: `m${i}`, name: `M ${i}` })));
  });
  beforeEach(() => {
    market = owned[markets++] as MarketLog;
  });
  afterAll(() => opened.close());

  const count = (table: Parameters<TestLog["count"]>[0]): Promise<number> =>
    opened.count(table, market.market);
  const positionNow = async (): Promise<number | undefined> =>
    (await log.history.markets()).find((row) => row.id === market.market)?.position;

  test("E10: given an empty market, when a batch is appended, then rows, claim, lists and position are in together", async () => {
    const rows = [
      eventRow(market, { commandId: "20000:passenger:p:k1", commandHash: 4_294_967_295 }),
      eventRow(market, {
        position: 2,
        turn: 1,
        causedBy: 1,
        actorKind: "driver",
        actorId: "driver-1",
        machine: "driver@1",
        toState: "offered",
      }),
    ];
    const appended = await market.append(
      batchOf(rows, {
        claimed: [{ driverId: "driver-1", tripId: "trip-1" }],
        lists: [
          tripRow(),
          {
            table: "driver_status",
            id: "driver-1",
            vehicleType: "standard",
            status: "offered",
            state: "offered",
            seq: 1,
            since: AT,
            tripId: "trip-1",
            misses: 0,
          },
        ],
      }),
    );
    expect(appended).toEqual({ is: "committed" });
    expect((await market.recover()).tail).toEqual(rows);
    expect([
      await count("claim"),
      await count("trip"),
      await count("driver_status"),
      await positionNow(),
    ]).toEqual([1, 1, 1, 2]);
  });

  test("E10: given a trip's list row, when a later batch brings its last state, then the row is replaced", async () => {
    await market.append(batchOf([eventRow(market)], { lists: [tripRow({ id: "replaced" })] }));
    const ended = tripRow({
      id: "replaced",
      seq: 2,
      status: "cancelled",
      state: "cancelled",
      cancelledAt: ms(AT + 5),
      cancelledBy: "passenger",
      reason: "late",
    });
    await market.append(batchOf([eventRow(market, { position: 2, seq: 2 })], { lists: [ended] }));
    const { table: _, ...columns } = ended;
    expect(await log.history.trip(tripId("replaced"))).toEqual({ market: market.market, ...columns });
  });

  test("E11: given another position or epoch than the market's, when appending, then it is fenced and nothing is written", async () => {
    await market.append(batchOf([eventRow(market)]));
    const ahead = batchOf([eventRow(market, { position: 5, actorId: "trip-5" })]);
    expect(await market.append(ahead)).toEqual({ is: "fenced" });
    await opened.steal(market.market);
    const next = batchOf([eventRow(market, { position: 2, actorId: "trip-2" })], { lists: [tripRow()] });
    expect(await market.append(next)).toEqual({ is: "fenced" });
    expect([await count("event"), await count("trip"), await positionNow()]).toEqual([1, 0, 1]);
  });

  test("E12: given a batch that is in, when the same batch is appended again, then it is committed and in once", async () => {
    const batch = batchOf([eventRow(market)]);
    expect([await market.append(batch), await market.append(batch)]).toEqual([
      { is: "committed" },
      { is: "committed" },
    ]);
    expect(await count("event")).toBe(1);
  });

  test.each([
    ["a repeated command id", "23505", { commandId: "20000:a", commandHash: 1, actorId: "other" }],
    ["a repeated seq", "23505", {}],
    ["text with NUL inside JSON", "22P05", { actorId: "nul", body: { note: "\0" } }],
    ["a lone surrogate", "22P02", { actorId: "half", body: { note: "\ud800" } }],
    ["NUL in a plain column", "22021", { actorId: "nul\0" }],
    ["a time that is no number", "22P02", { actorId: "nan", at: ms(Number.NaN) }],
    [
      "an id too long for an index",
      "54000",
      { actorId: Array.from({ length: 9_000 }, (_, i) => i.toString(36)).join("") },
    ],
  ])(
    "E13: given a batch with %s, when appending, then it is refused with %s and writes nothing",
    async (_, sqlstate, wrong) => {
      await market.append(batchOf([eventRow(market, { commandId: "20000:a", commandHash: 1 })]));
      const rows = [
        eventRow(market, { position: 2, actorId: "fine" }),
        eventRow(market, { position: 3, turn: 3, ...wrong }),
      ];
      expect(await market.append(batchOf(rows, { lists: [tripRow()] }))).toMatchObject({
        is: "refused",
        sqlstate,
      });
      expect([await count("event"), await count("trip"), await positionNow()]).toEqual([1, 0, 1]);
      expect(await market.append(batchOf([rows[0] as never]))).toEqual({ is: "committed" });
    },
  );

  test("E19: given texts with quotes, braces, backslashes and emoji, when appended, then they are read back the same", async () => {
    const note = `"quoted" 'single' {a,b} NULL \\ \\" \n\t\r 😀 Сомонӣ \u2028 $1 %s`;
    const row = eventRow(market, {
      body: { note, nested: { "key \"'{}": [note, null, 1.5, 1e-7, true] }, empty: "" },
      changes: { value: { type: "x", value: 1 } },
      effects: [{ type: "tell", value: note }, [], "NULL"],
      toState: note,
    });
    await market.append(
      batchOf([row], { lists: [tripRow({ id: "noted", reason: note, passengerId: "NULL" })] }),
    );
    expect((await market.recover()).tail).toEqual([row]);
    expect(await log.history.trip(tripId("noted"))).toMatchObject({
      reason: note,
      passengerId: "NULL",
    });
  });

  describe("claims", () => {
    const pair = (driverId: string, tripId: string) => ({ driverId, tripId });
    const step = (position: number) => [eventRow(market, { position, actorId: `t${position}` })];

    test("E21: given a driver with a trip, when a second trip claims them, then the batch is refused", async () => {
      await market.append(batchOf(step(1), { claimed: [pair("d", "t1")] }));
      expect(await market.append(batchOf(step(2), { claimed: [pair("d", "t2")] }))).toMatchObject({
        is: "refused",
        sqlstate: "23505",
      });
      expect(await market.append(batchOf(step(2), { claimed: [pair("e", "t1")] }))).toMatchObject({
        is: "refused",
        sqlstate: "23505",
      });
    });

    test("E21: given a driver with a trip, when it is released and claimed anew in the next batch, then both are in", async () => {
      await market.append(batchOf(step(1), { claimed: [pair("d", "t1"), pair("e", "t0")] }));
      await market.append(batchOf(step(2), { released: [pair("d", "t1"), pair("e", "not-theirs")] }));
      expect(await market.append(batchOf(step(3), { claimed: [pair("d", "t2")] }))).toEqual({
        is: "committed",
      });
      expect(await count("claim")).toBe(2);
    });

    test("T29: given claims that move to other drivers, when others end and begin in the same batch, then each trip has its driver", async () => {
      const stood = [pair("a", "t1"), pair("b", "t2"), pair("c", "t3")];
      await market.append(batchOf(step(1), { claimed: stood }));
      const batch = batchOf(step(2), {
        released: [pair("b", "t2")],
        moved: [
          { tripId: "t1", from: "a", to: "d" },
          { tripId: "t3", from: "not-theirs", to: "e" },
        ],
        claimed: [pair("f", "t4")],
      });
      expect(await market.append(batch)).toEqual({ is: "committed" });
      const claims = await log.history.claims(market.market);
      expect(claims.map((claim) => `${claim.tripId} ${claim.driverId}`).toSorted()).toEqual([
        "t1 d",
        "t3 c",
        "t4 f",
      ]);
    });

    test.each([
      ["has a trip", { moved: [{ tripId: "t1", from: "a", to: "b" }] }],
      [
        "gets rid of one in the same batch",
        { released: [pair("b", "t2")], moved: [{ tripId: "t1", from: "a", to: "b" }] },
      ],
      [
        "gets another one in the same batch",
        { moved: [{ tripId: "t1", from: "a", to: "c" }], claimed: [pair("a", "t3")] },
      ],
    ])(
      "T29: given a driver who %s, when a claim moves, then the batch is refused and nothing moved",
      async (_, changes) => {
        await market.append(batchOf(step(1), { claimed: [pair("a", "t1"), pair("b", "t2")] }));
        expect(await market.append(batchOf(step(2), changes))).toMatchObject({
          is: "refused",
          sqlstate: "23505",
        });
        expect(await market.append(batchOf(step(2), { released: [pair("a", "t1")] }))).toEqual({
          is: "committed",
        });
        expect(await count("claim")).toBe(1);
      },
    );

    test("E21: given a passenger whose trip ends, when their next begins in the same batch in any order, then it is in; two live ones are refused", async () => {
      await market.append(batchOf(step(1), { lists: [tripRow({ id: "t1" })] }));
      const ended = tripRow({ id: "t1", status: "completed", seq: 2 });
      const next = tripRow({ id: "t2", requestedAt: ms(AT + 1) });
      expect(await market.append(batchOf(step(2), { lists: [next, ended] }))).toEqual({ is: "committed" });
      expect(await market.append(batchOf(step(3), { lists: [tripRow({ id: "t3" })] }))).toMatchObject({
        is: "refused",
        sqlstate: "23505",
      });
    });
  });
});
