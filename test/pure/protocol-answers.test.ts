import { describe, expect, test } from "vitest";
import { refusal } from "../../src/domain/errors.ts";
import { errorReply, httpStatus } from "../../src/protocol/error-body.ts";
import { fingerprint } from "../../src/protocol/fingerprint.ts";
import { legalMessages } from "../../src/protocol/legal.ts";

describe("refusals", () => {
  test("P19: each code has one HTTP status", () => {
    const byStatus: Record<number, string[]> = {};
    for (const [code, status] of Object.entries(httpStatus)) (byStatus[status] ??= []).push(code);
    expect(byStatus).toEqual({
      400: ["malformed", "unknown_type"],
      401: ["unauthenticated", "token_expired"],
      403: ["forbidden"],
      404: ["not_found"],
      405: ["method_not_allowed"],
      409: [
        "illegal_now",
        "already_exists",
        "trip_live",
        "offer_expired",
        "offer_withdrawn",
        "driver_unavailable",
        "wrong_order",
        "key_reused",
        "quote_expired",
      ],
      413: ["too_large"],
      422: ["invalid", "bad_code", "outside_area"],
      429: ["rate_limited"],
      500: ["internal"],
      503: ["busy", "unavailable"],
    });
  });

  test("P19: a refusal as HTTP has the one error shape, and says when to come back", () => {
    const why = refusal("illegal_now", "not now", { status: "accepted", legal: ["cancel_order"] });
    const reply = errorReply(why);
    expect(reply.status).toBe(409);
    expect(JSON.parse(reply.body)).toEqual({ error: why });
    expect(reply.headers).not.toHaveProperty("retry-after");
    for (const code of ["rate_limited", "busy", "unavailable"] as const)
      expect(errorReply(refusal(code, "later")).headers["retry-after"]).toBe("1");
  });
});

describe("what is legal now", () => {
  test("P18: events become the messages this role may send", () => {
    const offering = ["offer.delivered", "offer.accepted", "offer.declined", "offer.due"];
    const live = [...offering, "passenger.cancel", "admin.cancel", "admin.assign"];
    expect(legalMessages("trip", live, "driver")).toEqual([
      "offer_received",
      "accept_order",
      "decline_order",
    ]);
    expect(legalMessages("trip", live, "passenger")).toEqual(["cancel_trip"]);
    expect(legalMessages("trip", live, "admin")).toEqual(["cancel_trip", "assign_driver"]);
    const riding = ["complete", "admin.complete", "admin.cancel"];
    expect(legalMessages("trip", riding, "admin")).toEqual(["complete_trip", "cancel_trip"]);
    expect(legalMessages("trip", riding, "driver")).toEqual(["complete_trip"]);
    expect(legalMessages("trip", ["driver.arrived", "driver.cancel"], "driver")).toEqual([
      "driver_arrived",
      "cancel_order",
    ]);
  });

  test("P18: one message stands once, the server's own events not at all", () => {
    const idle = ["offer", "pause", "go_offline", "driver.lost"];
    expect(legalMessages("driver", idle, "driver")).toEqual(["driver_status"]);
    expect(legalMessages("driver", idle, "admin")).toEqual([]);
    expect(legalMessages("trip", ["offer.due", "no.such.event"], "system")).toEqual([]);
  });
});

describe("fingerprints", () => {
  const command = { type: "cancel_trip", order_id: "t1", reason: null };

  test("P17: neither the order of the keys nor the id counts", () => {
    const same = { reason: null, id: "key", order_id: "t1", type: "cancel_trip" };
    expect(fingerprint(same)).toBe(fingerprint(command));
    expect(fingerprint({ ...command, note: undefined })).toBe(fingerprint(command));
  });

  test("P17: it never changes, because it is stored", () => {
    expect(fingerprint(command)).toBe(-502_275_944);
    expect(fingerprint({ pickup: { lat: 38.5, lng: 68.7 }, tags: ["a", 1, true] })).toBe(337_612_574);
  });

  test.each([
    [{ a: 1 }, { a: "1" }],
    [{ a: [1, 2] }, { a: [12] }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: [[1], 2] }, { a: [[1, 2]] }],
    [{ a: "b" }, { ab: "" }],
    [{ a: null }, {}],
    [{ a: null }, { a: "null" }],
    [{ a: { id: 1 } }, { a: { id: 2 } }],
    [{ a: {} }, { a: [] }],
  ])("P17: %j and %j differ", (one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });
});
