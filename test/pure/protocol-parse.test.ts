import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  driverRegistration,
  nearbyQuery,
  passengerRegistration,
  tripRequest,
} from "../../src/protocol/http-bodies.ts";
import { parseAdmin, parseBody, parseDriver, parsePassenger, parseQuery } from "../../src/protocol/parse.ts";
import { email, id, note, phone, position } from "../../src/protocol/values.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const here = { lat: 38.5598, lng: 68.787 };
const there = { lat: 38.58, lng: 68.75 };

describe("messages", () => {
  test.each([
    ["a number", 1],
    ["a list", [1, 2]],
    ["nothing", null],
    ["an object without type", { id: "a" }],
    ["a type that is no text", { type: 1 }],
  ])("P2: given %s, it is malformed", (_, value) => {
    expect(parseDriver(value)).toMatchObject({ is: "refused", refusal: { code: "malformed" } });
  });

  test.each(["no_such_type", "toString", "__proto__", "request_trip"])(
    "P2: given the type %j from a driver, it is an unknown type",
    (type) => {
      expect(parseDriver({ type, id: "k" })).toMatchObject({
        is: "refused",
        id: "k",
        refusal: { code: "unknown_type" },
      });
    },
  );

  test("P3: unknown fields are ignored", () => {
    const message = { type: "driver_departed", order_id: "t1", battery: 0.4 };
    expect(parseDriver(message)).toEqual({
      is: "ok",
      id: null,
      message: { type: "driver_departed", id: null, order_id: "t1" },
    });
  });

  test("P6: a message carries its id, and so does its refusal, unless the id itself is wrong", () => {
    const good = { type: "driver_departed", id: 7, order_id: "t1" };
    expect(parseDriver(good)).toMatchObject({ is: "ok", id: "7" });
    expect(parseDriver({ ...good, order_id: "" })).toMatchObject({
      is: "refused",
      id: "7",
      refusal: { code: "invalid", fields: [{ path: "order_id" }] },
    });
    expect(parseDriver({ ...good, id: "x".repeat(65) })).toMatchObject({
      is: "refused",
      id: null,
      refusal: { code: "invalid", fields: [{ path: "id" }] },
    });
  });

  test("P16: an optional field may be left out or null, inside it is null", () => {
    const decline = { type: "decline_order", order_id: "t", offer_id: "o" };
    const parsed = { is: "ok", message: { reason: null } };
    expect(parseDriver(decline)).toMatchObject(parsed);
    expect(parseDriver({ ...decline, reason: null, id: null })).toMatchObject(parsed);
  });

  test("P180: given an empty text where none is needed, then it is none", () => {
    const decline = { type: "decline_order", order_id: "t", offer_id: "o", reason: "" };
    expect(parseDriver(decline)).toMatchObject({ is: "ok", message: { reason: null } });
    expect(parseAdmin({ type: "cancel_trip", order_id: "t", reason: "" })).toMatchObject({
      is: "ok",
      message: { reason: null },
    });
    const person = { email: "p@example.org", first_name: "", last_name: "", phone_number: "" };
    expect(parseBody(passengerRegistration, bytes(person))).toMatchObject({
      is: "ok",
      value: { first_name: null, last_name: null, phone_number: null },
    });
  });

  test("P9: a driver's location as a map, with what the phone does not know", () => {
    const message = { type: "driver_location", lat: 38.5, lon: 68.7, heading: -1, speed_mps: 3 };
    expect(parseDriver(message)).toEqual({
      is: "ok",
      id: null,
      message: {
        type: "driver_location",
        id: null,
        lat: 38.5,
        lng: 68.7,
        heading: null,
        speed_mps: 3,
        accuracy_m: null,
        at: null,
      },
    });
  });

  test.each([
    { type: "driver_status", status: "available", vehicle_type: "van" },
    { type: "driver_status", status: "paused" },
    { type: "driver_status", status: "offline" },
    { type: "offer_received", order_id: "t", offer_id: "12" },
    { type: "accept_order", order_id: "t", offer_id: 12 },
    { type: "decline_order", order_id: "t", offer_id: "12", reason: "too far" },
    { type: "driver_departed", order_id: "t" },
    { type: "driver_arrived", order_id: "t", reason: "gate closed" },
    { type: "start_trip", order_id: "t", code: "0412" },
    { type: "complete_trip", order_id: "t", distance_m: 5200.5 },
    { type: "cancel_order", order_id: "t", reason: "safety" },
  ])("P2: a driver may send $type", (message) => {
    expect(parseDriver(message)).toMatchObject({ is: "ok" });
  });

  test.each([
    [{ type: "driver_status", status: "busy" }, "status"],
    [{ type: "accept_order", order_id: "t" }, "offer_id"],
    [{ type: "cancel_order", order_id: "t" }, "reason"],
    [{ type: "cancel_order", order_id: "t", reason: "" }, "reason"],
    [{ type: "complete_trip", order_id: "t", distance_m: -1 }, "distance_m"],
    [{ type: "driver_location", lat: 38.5 }, "lng"],
    [{ type: "driver_location", lat: 38.5, lng: 68.7, at: "now" }, "at"],
  ])("P13: given %j, the wrong field is named", (message, path) => {
    expect(parseDriver(message)).toMatchObject({
      is: "refused",
      refusal: { code: "invalid", fields: [{ path }] },
    });
  });

  test.each([
    { type: "request_trip", pickup: here, dropoff: there, id: "k1" },
    { type: "cancel_trip", order_id: "t" },
    { type: "subscribe", order_id: "t", since_seq: 4 },
    { type: "unsubscribe", order_id: "t" },
  ])("P2: a passenger may send $type", (message) => {
    expect(parsePassenger(message)).toMatchObject({ is: "ok", message });
  });

  test.each([
    { type: "assign_driver", order_id: "t", driver_id: "d", reason: "vip" },
    { type: "cancel_trip", order_id: "t", reason: "fraud" },
    { type: "complete_trip", order_id: "t", distance_m: 2_790, reason: "phone lost" },
  ])("P2: an admin may send $type", (message) => {
    expect(parseAdmin(message)).toMatchObject({ is: "ok", message });
  });

  test.each([
    ["vehicle_type", { type: "driver_status", status: "available", vehicle_type: "a b" }, /^1 to 64 char/],
    ["order_id", { type: "driver_departed", order_id: "" }, /^1 to 64 char/],
  ])("P13: a wrong %s is told how one looks", (path, message, words) => {
    expect(parseDriver(message)).toMatchObject({
      refusal: { fields: [{ path, message: expect.stringMatching(words) as string }] },
    });
  });

  test("P13: a wrong phone number is told how one looks, in words", () => {
    const person = { email: "p@example.org", phone_number: "call me" };
    expect(parseBody(passengerRegistration, bytes(person))).toMatchObject({
      refusal: {
        fields: [{ path: "phone_number", message: expect.stringMatching(/^6 to 24 digits/) as string }],
      },
    });
  });

  test("P13: a wrong field deep inside is named by its path", () => {
    const message = { type: "request_trip", pickup: { lat: 91, lng: 1 }, dropoff: there };
    expect(parsePassenger(message)).toMatchObject({
      refusal: { code: "invalid", fields: [{ path: "pickup.lat" }] },
    });
  });
});

describe("values", () => {
  const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

  test("P4: a position is told with lng or lon, or both the same", () => {
    expect(position.parse(here)).toEqual(here);
    expect(position.parse({ lat: here.lat, lon: here.lng })).toEqual(here);
    expect(position.parse({ ...here, lon: here.lng })).toEqual(here);
    expect(position.parse({ lat: 0, lng: 10 })).toEqual({ lat: 0, lng: 10 });
    expect(position.parse({ lat: -90, lng: 180 })).toEqual({ lat: -90, lng: 180 });
  });

  test.each([
    { ...here, lon: 68 },
    { lat: 0, lng: 0 },
    { lat: 90.1, lng: 0 },
    { lat: 1, lng: -180.1 },
    { lat: Number.NaN, lng: 1 },
    { lat: 1, lng: Number.POSITIVE_INFINITY },
    { lat: "1", lng: 1 },
    { lat: 1 },
    { lng: 1 },
    [1, 2],
  ])("P4: %j is no position", (value) => expect(takes(position, value)).toBe(false));

  test("P5: an id is 1 to 64 of its characters; a whole number is read as text", () => {
    expect(id.parse("b7Qx-_")).toBe("b7Qx-_");
    expect(id.parse(42)).toBe("42");
    expect(takes(id, "x".repeat(64))).toBe(true);
    for (const wrong of ["", "x".repeat(65), "a b", "ä", "a\n", "a/b", 1.5, 1e300, true, null, {}])
      expect(takes(id, wrong), JSON.stringify(wrong)).toBe(false);
  });

  test("P7: NUL and lone surrogates are refused, pairs are not", () => {
    expect(takes(note, "ещё 🚕")).toBe(true);
    for (const wrong of ["a\0b", "\ud83d", "\ude95 after"]) expect(takes(note, wrong)).toBe(false);
  });

  test("P8: a note has at most 500 characters", () => {
    expect(takes(note, "x".repeat(500))).toBe(true);
    expect(takes(note, "x".repeat(501))).toBe(false);
  });

  test("P13: an e-mail address and a phone number look like ones", () => {
    expect(email.parse("Ali@Example.com")).toBe("ali@example.com");
    for (const wrong of ["ali", "ali@", "@b.c", "a@b.c\0"]) expect(takes(email, wrong)).toBe(false);
    for (const good of ["+992900000000", "+1 (555) 010-9999", "900112233"])
      expect(takes(phone, good), good).toBe(true);
    for (const wrong of ["", "+", "12", "call me", "1".repeat(30)])
      expect(takes(phone, wrong), wrong).toBe(false);
  });
});

describe("bodies and queries", () => {
  test("P12: a body that is not JSON is malformed, one with wrong values invalid", () => {
    const broken = new TextEncoder().encode("{");
    expect(parseBody(tripRequest, broken)).toMatchObject({ refusal: { code: "malformed" } });
    expect(parseBody(tripRequest, bytes([]))).toMatchObject({ refusal: { code: "invalid" } });
    expect(parseBody(tripRequest, bytes({ pickup: here }))).toMatchObject({
      is: "refused",
      refusal: { code: "invalid", fields: [{ path: "dropoff" }] },
    });
  });

  test("P16: what a trip request leaves out has its default", () => {
    expect(parseBody(tripRequest, bytes({ pickup: here, dropoff: there }))).toEqual({
      is: "ok",
      value: {
        pickup: here,
        dropoff: there,
        vehicle_type: "standard",
        quote_id: null,
        note: null,
      },
    });
    const optional = z.object({ reason: note.optional() });
    expect(parseBody(optional, new Uint8Array())).toEqual({ is: "ok", value: {} });
  });

  test("P13: every wrong field of a registration is named", () => {
    expect(parseBody(driverRegistration, bytes({ email: "x", license_plate: "" }))).toMatchObject({
      refusal: { fields: [{ path: "email" }, { path: "vehicle_type" }, { path: "license_plate" }] },
    });
  });

  test("P4: a query's numbers are read from text", () => {
    const parsed = parseQuery(nearbyQuery, new URLSearchParams("lat=38.5&lon=68.7&limit=3"));
    const value = { lat: 38.5, lng: 68.7, radius: 5, vehicle_type: null, limit: 3 };
    expect(parsed).toEqual({ is: "ok", value });
    for (const wrong of ["", "abc", "0x10", "1e999", "NaN", " "])
      expect(parseQuery(nearbyQuery, new URLSearchParams({ lat: wrong, lng: "1" })).is, wrong).toBe(
        "refused",
      );
  });
});
