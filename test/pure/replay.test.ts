import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differ, sameJson } from "../../src/replay/difference.ts";
import { duration, valueText } from "../../src/replay/value-text.ts";
import { changesIn } from "../../src/replay/change.ts";
import { shortIds } from "../../src/replay/short-ids.ts";

const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("comparing", () => {
  test("E43: given any value, then it is the same as what JSON gives back, and as nothing else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(sameJson(written(a), a)).toBe(true);
        expect(sameJson(a, b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
      }),
    );
    expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(true);
    expect(sameJson({ a: 1, b: null }, { a: 1 })).toBe(false);
  });

  test("E43: given values that differ inside, then the field is named by its path", () => {
    expect(differ("event 4", "changes", { a: { b: 1, c: [1] } }, { a: { b: 2, c: [1] }, d: 0 })).toEqual([
      { row: "event 4", field: "changes.a.b", logged: 1, replayed: 2 },
      { row: "event 4", field: "changes.d", logged: undefined, replayed: 0 },
    ]);
  });
});

describe("telling", () => {
  test("E41: given a context before and after, then only fields with another value are told, with both", () => {
    expect(
      changesIn({ n: 1, offers: { 7: { x: 1 } }, same: [1] }, { n: 2, offers: { 9: { x: 1 } }, same: [1] }),
    ).toEqual([
      { field: "n", before: 1, after: 2 },
      { field: "offers.7", before: { x: 1 }, after: undefined },
      { field: "offers.9", before: undefined, after: { x: 1 } },
    ]);
  });

  test("E41: given moments, then they are told by their distance from the row", () => {
    const at = 1_760_000_000_000;
    expect(valueText({ dueAt: at + 16_500, sentAt: at, lostAt: at - 61_000 }, at)).toBe(
      "{dueAt: in 16.5 s, sentAt: now, lostAt: 1 m 01 s ago}",
    );
    expect([400, 59_999, 187_000, 7_500_000].map(duration)).toEqual([
      "0.4 s",
      "60.0 s",
      "3 m 07 s",
      "2 h 05 m",
    ]);
  });

  test("E41: given UUIDs, then they are shortened where no two end alike, and the last lines say what they stand for", () => {
    const id = (end: string) => `019a0000-0000-7000-8000-000000${end}`;
    expect(shortIds(`trip ${id("00000a")}, by ${id("00000b")}`, id("00000a"))).toBe(
      `trip ${id("00000a")}, by ~00000b\n\n~00000b = ${id("00000b")}`,
    );
    const alike = `${id("00000c")} 119a0000-0000-7000-8000-00000000000c`;
    expect(shortIds(alike, "")).toBe(alike);
  });
});

/** JSON with the keys of its objects in order. */
const sorted = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
};
