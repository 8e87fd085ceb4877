import { Packr } from "msgpackr";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeFrame, encodeFrame } from "../../src/protocol/frame.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const json = (text: string) => decodeFrame(new TextEncoder().encode(text), false);
const msgpack = (value: unknown) =>
  decodeFrame(new Packr({ useRecords: false, variableMapSize: true }).pack(value), true);
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

describe("what is read", () => {
  const message = { type: "driver_status", status: "available", more: [1, null, true, -2.5] };

  test("P1: a binary frame is MessagePack, a text frame is JSON, and they say the same", () => {
    expect(msgpack(message)).toEqual({ is: "value", value: message });
    expect(json(JSON.stringify(message))).toEqual({ is: "value", value: message });
  });

  test("P15: an encoded frame stays what it is when more is encoded", () => {
    const first = encodeFrame(message, "msgpack") as Uint8Array;
    const before = Uint8Array.from(first);
    for (let i = 0; i < 5000; i++) encodeFrame({ type: "noise", i }, "msgpack");
    expect(Uint8Array.from(first)).toEqual(before);
  });
});

describe("what is refused", () => {
  test.each([
    ["nothing at all", bytes(), "ends too early"],
    ["a map cut off", bytes(0x81, 0xa1, 0x61), "ends too early"],
    ["a text cut off", bytes(0xa5, 0x61), "ends too early"],
    ["a length cut off", bytes(0xdd, 0xff), "ends too early"],
    ["four billion items announced", bytes(0xdd, 0xff, 0xff, 0xff, 0xff, 1), "ends too early"],
    ["bytes after the value", bytes(0xc0, 0xc0), "bytes follow"],
    ["an extension", bytes(0xd4, 1, 1), "type is not allowed"],
    ["a timestamp", bytes(0xd6, 0xff, 0, 0, 0, 0), "type is not allowed"],
    ["a blob", bytes(0xc4, 1, 1), "type is not allowed"],
    ["the unused type", bytes(0xc1), "type is not allowed"],
    ["a number as key", bytes(0x81, 1, 1), "key is not text"],
    ["half a character", bytes(0xa1, 0xff), "not UTF-8"],
    ["a surrogate in UTF-8", bytes(0xa3, 0xed, 0xa0, 0x80), "not UTF-8"],
    ["2^53", bytes(0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0), "beyond 2^53"],
    ["-2^53 - 1", bytes(0xd3, 0xff, 0xdf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "beyond 2^53"],
  ])("P11: MessagePack with %s is malformed", (_, frame, why) => {
    expect(decodeFrame(frame, true)).toEqual({
      is: "malformed",
      message: expect.stringContaining(why),
    });
  });

  test.each(["", "{", "{'a':1}", "[1,]", "NaN", '{"a":1}{', '"\\ud8"'])(
    "P12: the text %j is malformed",
    (text) => expect(json(text).is).toBe("malformed"),
  );

  test("P12: a text frame that is not UTF-8 is malformed", () => {
    expect(decodeFrame(bytes(0x22, 0xff, 0x22), false).is).toBe("malformed");
  });

  test("P12: a key that could reach a prototype is malformed in both kinds", () => {
    expect(json('{"a":{"__proto__":{}}}').is).toBe("malformed");
    const key = [...new TextEncoder().encode("__proto__")];
    for (const head of [[0xa9], [0xd9, 9], [0xda, 0, 9], [0xdb, 0, 0, 0, 9]])
      expect(decodeFrame(bytes(0x81, ...head, ...key, 0xc0), true).is).toBe("malformed");
  });
});

describe.each([
  ["MessagePack", msgpack],
  ["JSON", (value: unknown) => json(JSON.stringify(value))],
])("limits of %s", (_, read) => {
  test("S10: four levels of lists and maps pass, five do not", () => {
    expect(read(nested(4)).is).toBe("value");
    expect(read(nested(5)).is).toBe("malformed");
    expect(read({ a: { a: { a: { a: 1 } } } }).is).toBe("value");
    expect(read({ a: { a: { a: { a: {} } } } }).is).toBe("malformed");
  });

  test("S11: 200 values pass, 201 do not", () => {
    expect(read(Array.from({ length: 199 }, () => 0)).is).toBe("value");
    expect(read(Array.from({ length: 200 }, () => 0)).is).toBe("malformed");
  });

  test("S12: a text of 4096 passes, one more does not, as value and as key", () => {
    expect(read("x".repeat(4096)).is).toBe("value");
    expect(read("x".repeat(4097)).is).toBe("malformed");
    expect(read({ ["x".repeat(4097)]: 1 }).is).toBe("malformed");
  });
});

describe("the compact ping", () => {
  const packr = new Packr({ useRecords: false });

  test("P10: what is nil or left out is NaN", () => {
    expect(decodeFrame(packr.pack([1, 38.5, 68.7, 90, 12.5, 5, 1_790_000_000_000]), true)).toEqual({
      is: "ping",
      lat: 38.5,
      lng: 68.7,
      heading: 90,
      speedMps: 12.5,
      accuracyM: 5,
      phoneAt: 1_790_000_000_000,
    });
    const unknown = { heading: NaN, speedMps: NaN, accuracyM: NaN, phoneAt: NaN };
    const bare = { is: "ping", lat: 38.5, lng: 68.7, ...unknown };
    expect(decodeFrame(packr.pack([1, 38.5, 68.7]), true)).toEqual(bare);
    expect(decodeFrame(packr.pack([1, 38.5, 68.7, null, null, null, null]), true)).toEqual(bare);
  });

  test("P9: a phone's -1 and an impossible heading are unknown", () => {
    const ping = decodeFrame(packr.pack([1, 38.5, 68.7, 400, -1, -1]), true);
    expect(ping).toMatchObject({ heading: NaN, speedMps: NaN, accuracyM: NaN });
  });

  test("P10: other lists are values, broken ones are malformed", () => {
    expect(decodeFrame(packr.pack([2, 38.5, 68.7]), true).is).toBe("value");
    expect(decodeFrame(packr.pack([1, 38.5]), true).is).toBe("value");
    expect(decodeFrame(packr.pack([1, 38.5, 68.7, 1, 1, 1, 1, 1]), true).is).toBe("value");
    expect(decodeFrame(packr.pack([1, "38.5", 68.7]), true).is).toBe("value");
    const whole = packr.pack([1, 38.5, 68.7]);
    expect(decodeFrame(whole.subarray(0, -1), true).is).toBe("malformed");
    expect(decodeFrame(Uint8Array.from([...whole, 0]), true).is).toBe("malformed");
  });
});

const suite = new URL("../../../shared/data/msgpack/msgpack-test-suite.json", import.meta.url);
type Case = { msgpack: string[] } & Record<string, unknown>;

describe.skipIf(!existsSync(suite))("the MessagePack test suite", () => {
  const groups = existsSync(suite) ? (JSON.parse(readFileSync(suite, "utf8")) as Record<string, Case[]>) : {};
  const allowed = ["nil", "bool", "number", "string", "array", "map"];
  const unhex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll("-", ""), "hex"));

  test.each(Object.entries(groups))("P11: %s is read as it says, or refused", (_, cases) => {
    expect(cases.length).toBeGreaterThan(0);
    for (const one of cases) {
      const kind = allowed.find((name) => name in one);
      for (const hex of one.msgpack) {
        const read = decodeFrame(unhex(hex), true);
        if (kind === undefined) expect(read.is, hex).toBe("malformed");
        else expect(read, hex).toEqual({ is: "value", value: one[kind] });
      }
    }
  });
});
