import * as fc from "fast-check";
import { Packr, Unpackr } from "msgpackr";
import { expect, test } from "vitest";
import { decodeFrame, encodeFrame } from "../../src/protocol/frame.ts";
import { fingerprint } from "../../src/protocol/fingerprint.ts";
import { parseAdmin, parseDriver, parsePassenger } from "../../src/protocol/parse.ts";

const bytes = fc.uint8Array({ maxLength: 200, size: "max" });
const utf8 = (text: string) => new TextEncoder().encode(text);

test("P11: whatever the bytes are, decoding answers and never throws", () => {
  fc.assert(
    fc.property(bytes, fc.boolean(), (frame, binary) => {
      expect(["ping", "value", "malformed"]).toContain(decodeFrame(frame, binary).is);
    }),
    { numRuns: 2000 },
  );
});

test("P11: a frame with some bytes changed is read or refused, and never reaches a prototype", () => {
  const message = {
    type: "request_trip",
    pickup: { lat: 38.5, lng: 68.7 },
    dropoff: { lat: 38.6, lng: 68.8 },
    note: "ещё",
  };
  const whole = new Packr({ useRecords: false }).pack(message);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.uint8Array({ minLength: 1, maxLength: 4 }), (at, put) => {
      const frame = Uint8Array.from(whole);
      frame.set(put.subarray(0, frame.length - at), at);
      const read = decodeFrame(frame, true);
      if (read.is !== "value") return;
      for (const parse of [parseDriver, parsePassenger, parseAdmin])
        expect(["ok", "refused"]).toContain(parse(read.value).is);
      expect(Object.prototype).toEqual({});
    }),
    { numRuns: 2000 },
  );
});

/** What a message may hold: small enough for the limits S10-S12. */
const plain = fc.object({
  key: fc.string({ unit: "grapheme", maxLength: 8 }).filter((key) => key !== "__proto__"),
  maxDepth: 2,
  maxKeys: 5,
  values: [
    fc.string({ unit: "grapheme", maxLength: 50 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
  ],
});

test("P14: what is encoded is decoded to the same, in both kinds", () => {
  fc.assert(
    fc.property(plain, (message) => {
      const packed = encodeFrame(message, "msgpack") as Uint8Array;
      expect(decodeFrame(packed, true)).toEqual({ is: "value", value: message });
      const text = encodeFrame(message, "json") as string;
      const asJson: unknown = JSON.parse(JSON.stringify(message)); // -0 is 0 in JSON
      expect(decodeFrame(utf8(text), false)).toEqual({ is: "value", value: asJson });
    }),
  );
});

test("P14: an undefined field is left out, in both kinds", () => {
  const value = { type: "ack", id: "a" };
  const message = { ...value, seq: undefined };
  expect(decodeFrame(encodeFrame(message, "msgpack") as Uint8Array, true)).toEqual({ is: "value", value });
  expect(decodeFrame(utf8(encodeFrame(message, "json") as string), false)).toEqual({ is: "value", value });
});

const number = fc.oneof(
  fc.double({ noNaN: true }),
  fc.float({ noNaN: true }),
  fc.integer(),
  fc.integer({ min: -200, max: 300 }),
  fc.maxSafeInteger(),
);

test.each([
  ["64-bit floats", {}],
  ["32-bit floats where they fit", { useFloat32: 4 }],
])("P10: the ping read from bytes equals the general decoder, with %s", (_, options) => {
  const packr = new Packr({ useRecords: false, ...options });
  const unpackr = new Unpackr({ useRecords: false, int64AsType: "number" });
  const optional = fc.array(fc.option(number), { maxLength: 4, size: "max" });
  const known = (value: unknown, max: number) =>
    typeof value === "number" && value >= 0 && value <= max ? value : NaN;
  fc.assert(
    fc.property(number, number, optional, (lat, lng, rest) => {
      const frame = packr.pack([1, lat, lng, ...rest]);
      const [, y, x, heading, speed, accuracy, at] = unpackr.unpack(frame) as number[];
      expect(decodeFrame(frame, true)).toEqual({
        is: "ping",
        lat: y,
        lng: x,
        heading: known(heading, 360),
        speedMps: known(speed, Number.MAX_VALUE),
        accuracyM: known(accuracy, Number.MAX_VALUE),
        phoneAt: at ?? NaN,
      });
    }),
  );
});

test("P10: 64-bit integers are read too", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (phoneAt) => {
      const frame = new DataView(new ArrayBuffer(16));
      for (const [at, byte] of [0x97, 1, 38, 68, 0xc0, 0xc0, 0xc0, 0xd3].entries()) frame.setUint8(at, byte);
      frame.setBigInt64(8, BigInt(phoneAt));
      expect(decodeFrame(new Uint8Array(frame.buffer), true)).toMatchObject({ is: "ping", phoneAt });
    }),
  );
});

test("P17: a fingerprint is a 32-bit integer, and the order of keys at any depth does not count", () => {
  const reversed = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, inner]) => [key, reversed(inner)]),
        )
      : value;
  fc.assert(
    fc.property(plain, (value) => {
      const hash = fingerprint(value);
      expect(hash).toBe(hash | 0);
      expect(fingerprint(reversed(value))).toBe(hash);
    }),
  );
});
