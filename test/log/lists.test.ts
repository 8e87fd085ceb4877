import { type TestLog, bothLogs } from "./both-logs.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchOf, driverRow, eventRow, tripRow } from "../fixtures/rows.ts";
import { driverId, marketId, passengerId, tripId } from "../../src/domain/ids.ts";
import type { After } from "../../src/log/lists.ts";
import type { MarketLog } from "../../src/log/log.ts";
import type { Decision } from "../../src/domain/decision.ts";
import { ms } from "../../src/domain/time.ts";

/** Rows of a driver who was asked again and again, 100 ms apart; null: while they had something else to do. */
const asked = (log: MarketLog, position: number, ...answers: (string | null)[]) => {
  const row = (type: string, at: number, fromState: string | null, toState: string) => ({
    actorKind: "driver" as const,
    actorId: "asked",
    machine: "driver@1",
    type,
    at: ms(at),
    fromState,
    toState,
  });
  const rows = answers.flatMap((type, i) => {
    const at = (i + 1) * 100;
    if (type === null) return [row("offer", at, "on_trip", "on_trip")];
    return [row("offer", at, "idle", "offered"), row(type, at + 10, "offered", "idle")];
  });
  return [row("create", 0, null, "offline"), ...rows].map((more, i) =>
    eventRow(log, { position: position + i, seq: i + 1, ...more }),
  );
};

describe.each(bothLogs)("lists %s", (_, open) => {
  let opened: TestLog;
  beforeAll(async () => {
    opened = await open();
    const [here, there] = await opened.log.take([
      { key: "here", name: "Here" },
      { key: "there", name: "There" },
    ]);
    const trip = (id: string, requestedAt: number, more: Parameters<typeof tripRow>[0] = {}) =>
      tripRow({ id, requestedAt: ms(requestedAt), passengerId: `of ${id}`, ...more });
    await here!.append(
      batchOf([eventRow(here!), ...asked(here!, 2, "expired", "taken", null, "declined")], {
        lists: [
          trip("a", 3),
          trip("b", 5, { driverId: "d1", status: "accepted" }),
          trip("c", 5, { passengerId: "of a", driverId: "d1", status: "completed" }),
          trip("\u{1F600}", 5, { status: "cancelled" }),
          trip("\uFFFD", 5, { status: "cancelled" }),
          driverRow({ id: "d1", since: ms(7), status: "on_trip", tripId: "b", misses: 1 }),
          driverRow({ id: "d2", since: ms(9), status: "offline", vehicleType: "standard" }),
          driverRow({ id: "d3", since: ms(4), status: "offline" }),
        ],
      }),
    );
    await there!.append(
      batchOf([eventRow(there!), ...asked(there!, 2, "withdrawn")], {
        lists: [
          trip("e", 4, { status: "no_driver_found" }),
          driverRow({ id: "d2", since: ms(8), status: "available", vehicleType: "van" }),
          driverRow({ id: "d3", since: ms(6), status: "offline" }),
          driverRow({ id: "unregistered", since: ms(6) }),
        ],
      }),
    );
    await opened.log.accounts.registerPassenger({
      passengerId: passengerId("of a"),
      email: "parvin@example.org",
      phoneNumber: null,
      firstName: "Парвин",
      lastName: "Azizi",
    });
    for (const id of ["d1", "d2", "d3", "d4"])
      await opened.log.accounts.registerDriver({
        driverId: driverId(id),
        email: `${id}@example.org`,
        phoneNumber: null,
        firstName: id.toUpperCase(),
        lastName: null,
        vehicleType: "standard",
        licensePlate: `plate ${id}`,
      });
  });
  afterAll(() => opened.close());

  type Trips = Parameters<TestLog["log"]["lists"]["trips"]>[0];
  const trips = async (filter: Partial<Trips> = {}, limit = 99, after: After | null = null) =>
    (
      await opened.log.lists.trips(
        { status: null, driverId: null, passengerId: null, q: null, ...filter },
        limit,
        after,
      )
    ).map(({ id }) => id);
  type Drivers = Parameters<TestLog["log"]["lists"]["drivers"]>[0];
  const drivers = (filter: Partial<Drivers> = {}, limit = 99, after: After | null = null) =>
    opened.log.lists.drivers({ status: null, driverId: null, q: null, ...filter }, limit, after);

  const newest = ["\u{1F600}", "\uFFFD", "c", "b", "e", "a"];

  test("E160: given trips of two markets, then they come newest first, of the same moment by the bytes of their ids", async () => {
    expect(await trips()).toEqual(newest);
  });

  test("E160: given pages of any size, then each goes on after the last one's last, without hole or repetition", async () => {
    const at = new Map(newest.map((id) => [id, ms(id === "e" ? 4 : id === "a" ? 3 : 5)]));
    for (const size of [1, 2, 4]) {
      const seen: string[] = [];
      for (let after: After | null = null; ;) {
        const page = await trips({}, size, after);
        seen.push(...page);
        if (page.length < size) break;
        after = { at: at.get(page.at(-1)!)!, id: page.at(-1)! };
      }
      expect(seen, `pages of ${size}`).toEqual(newest);
    }
  });

  test("E160: given filters, then only what passes all of them comes", async () => {
    expect(await trips({ status: "cancelled" })).toEqual(["\u{1F600}", "\uFFFD"]);
    expect(await trips({ driverId: "d1" })).toEqual(["c", "b"]);
    expect(await trips({ passengerId: "of a" })).toEqual(["c", "a"]);
    expect(await trips({ driverId: "d1", passengerId: "of a", status: "completed" })).toEqual(["c"]);
    expect(await trips({ driverId: "d1", status: "cancelled" })).toEqual([]);
  });

  test("E160: given drivers in two markets or none, then each registered one is listed where they were last", async () => {
    const all = await drivers();
    expect(all.map(({ id, status }) => `${id} ${status}`)).toEqual([
      "d4 offline",
      "d2 available",
      "d1 on_trip",
      "d3 offline",
    ]);
    const d1 = {
      id: "d1",
      firstName: "D1",
      lastName: null,
      vehicleType: "standard",
      licensePlate: "plate d1",
    };
    expect(all[2]).toEqual({ ...d1, status: "on_trip", tripId: "b", since: 7, misses: 1 });
    expect(all[1]).toMatchObject({ since: 8, vehicleType: "van" });
    expect(all[0]).toMatchObject({ since: expect.any(Number) as number, tripId: null, misses: 0 });
    expect(all[3]).toMatchObject({ since: 6 });
    const ids = async (...asked: Parameters<typeof drivers>) => (await drivers(...asked)).map(({ id }) => id);
    expect(await ids({ status: "offline" })).toEqual(["d4", "d3"]);
    expect(await ids({ driverId: "d2" })).toEqual(["d2"]);
    expect(await ids({ driverId: "d2", status: "offline" })).toEqual([]);
    expect(await ids({}, 2, { at: ms(8), id: "d2" })).toEqual(["d1", "d3"]);
  });

  test("P207: given the end of an id, a plate or part of a name, when it is searched for, then what has it is listed, page by page", async () => {
    expect(await trips({ q: "c" })).toEqual(["c"]);
    expect(await trips({ q: "f e" })).toEqual(["e"]);
    expect(await trips({ q: "D1" })).toEqual(["c", "b"]);
    expect(await trips({ q: "LATE d" })).toEqual(["c", "b"]);
    expect(await trips({ q: "парвин az" })).toEqual(["c", "a"]);
    expect(await trips({ q: "d1", status: "accepted" })).toEqual(["b"]);
    expect(await trips({ q: "d1" }, 1)).toEqual(["c"]);
    expect(await trips({ q: "d1" }, 1, { at: ms(5), id: "c" })).toEqual(["b"]);
    expect(await trips({ q: "%" })).toEqual([]);
    const found = async (filter: Partial<Drivers>) => (await drivers(filter)).map(({ id }) => id);
    expect(await found({ q: "plate D" })).toHaveLength(4);
    expect(await found({ q: "3" })).toEqual(["d3"]);
    expect(await found({ q: "d4", status: "offline" })).toEqual(["d4"]);
    expect(await found({ q: "_" })).toEqual([]);
  });

  test("P208: given rows of a driver, when offers are counted since a moment, then each by what came of it, in all markets", async () => {
    expect(await opened.log.lists.offers(driverId("asked"), ms(200))).toEqual({
      made: 2,
      accepted: 1,
      declined: 1,
      missed: 0,
    });
    expect(await opened.log.lists.offers(driverId("asked"), ms(0))).toMatchObject({ made: 4, missed: 1 });
  });

  test("P107, E160: given a rating, when it comes again, then it is the same or refused", async () => {
    const rating = {
      tripId: tripId("c"),
      passengerId: passengerId("of a"),
      driverId: driverId("d1"),
      stars: 5,
      tip: 300,
    };
    const { rate } = opened.log.ratings;
    expect([await rate(rating), await rate(rating), await rate({ ...rating, tip: 0 })]).toEqual([
      "rated",
      "same",
      "already_exists",
    ]);
  });

  test("O31, O32, E160: given decisions of dispatch, then they are read as soon as they are noted, in order, the last word of each", async () => {
    const { decisions } = opened.log;
    const decision = (attempt: number, more: Partial<Decision> = {}): Decision => ({
      market: marketId(1),
      tripId: tripId("a"),
      attempt,
      since: ms(1_000),
      at: ms(1_000 + attempt),
      looks: 1,
      wave: 1,
      size: 1,
      radiusM: 8_000,
      searchedM: 8_000,
      vehicleType: "standard",
      fixFreshMs: ms(15_000),
      candidates: [
        {
          driverId: "d1",
          idle: true,
          fixAgeMs: 1_200,
          vehicleType: "standard",
          distanceM: 224,
          etaS: 95,
          tried: false,
          verdict: "asked",
        },
      ],
      ...more,
    });
    const again = decision(1, { looks: 3, at: ms(1_003) });
    for (const one of [decision(2), decision(1), again]) decisions.note(one);
    decisions.note(decision(1, { tripId: tripId("b"), candidates: [] }));
    expect(await decisions.ofTrip(tripId("a"))).toEqual([again, decision(2)]);
    decisions.note(decision(1, { looks: 2 }));
    expect(await decisions.ofTrip(tripId("a"))).toEqual([again, decision(2)]);
    expect(await decisions.thatSaw(driverId("d1"))).toEqual([again, decision(2)]);
    expect(await decisions.thatSaw(driverId("nobody"))).toEqual([]);
  });
});
