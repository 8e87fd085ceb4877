import { describe, expect, test } from "vitest";
import { accountOf, claimsOf, needsRefresh } from "../../web/src/app/token-claims.ts";
import { failureText } from "../../web/src/app/failure.ts";
import { languages, words } from "../../web/src/words/words.ts";
import { momentText } from "../../web/src/app/told.ts";
import { marketNear } from "../../web/src/app/market-near.ts";

const DAY_MS = 24 * 3_600_000;
const token = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

describe("who is signed in", () => {
  test("B40: given a token, when it ends within a week, then a new one is asked for", () => {
    const claims = claimsOf(token({ sub: "p1", role: "passenger", exp: 2_000_000 }))!;
    expect(claims).toEqual({ sub: "p1", role: "passenger", endsAt: 2_000_000_000 });
    expect(needsRefresh(claims, claims.endsAt - 8 * DAY_MS)).toBe(false);
    expect(needsRefresh(claims, claims.endsAt - 6 * DAY_MS)).toBe(true);
  });

  test("S52: given what somebody pasted, when it is no token, or of another role, then nobody is signed in by it", () => {
    const own = token({ sub: "p1", role: "passenger", exp: 2 });
    expect(accountOf("passenger", `  ${own}\n`)).toEqual({ id: "p1", firstName: "", token: own });
    expect(accountOf("driver", own)).toBeNull();
    for (const text of ["", "nonsense", "a.b.c", `e30.${Buffer.from("null").toString("base64url")}.x`])
      expect(accountOf("passenger", text)).toBeNull();
  });
});

test("B129: given a trip that was rated already, when that is refused, then nobody is told of an email", () => {
  for (const { common } of Object.values(words))
    expect(failureText(common, { code: "already_exists", message: "rated" })).toBe("rated");
});

test("B49: given a refusal, when it is told, then in the reader's words where there are some, otherwise in the server's", () => {
  const { common } = words.ru;
  expect(failureText(common, { code: "trip_live", message: "x" })).toBe(common.errors.trip_live);
  expect(failureText(common, { code: "wrong_order", message: "not yours" })).toBe("not yours");
  expect(failureText(common, null)).toBe(common.unreachable);
});

test("B49: given any language, when its texts are read, then none is empty", () => {
  const texts = (value: unknown): unknown[] =>
    typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [value];
  for (const language of languages) {
    const { phone, ride, drive, start } = words[language];
    expect(texts({ phone, ride, drive, start }).filter((text) => text === "")).toEqual([]);
  }
});

test("B46: given markets, when a place is near one, then its clock is used, and far from all that of the market without an area", () => {
  const market = (id: string, centre: { lat: number; lng: number } | null) => ({
    id,
    name: id,
    currency: "USD",
    time_zone: "UTC",
    centre,
  });
  const markets = [
    market("dushanbe", { lat: 38.56, lng: 68.78 }),
    market("khujand", { lat: 40.28, lng: 69.63 }),
    market("world", null),
  ];
  expect(marketNear(markets, { lat: 40.3, lng: 69.6 }).id).toBe("khujand");
  expect(marketNear(markets, { lat: 52, lng: 13 }).id).toBe("world");
  expect(marketNear(markets.slice(0, 2), { lat: 52, lng: 13 }).id).toBe("khujand");
  expect(marketNear(markets, null).id).toBe("dushanbe");
});

test("B139: given a moment, when it is told, then by its market's clock, and with its day where that is not today", () => {
  const market = { id: "x", name: "X", currency: "TJS", time_zone: "Asia/Dushanbe", centre: null };
  const now = Date.parse("2026-07-01T18:00:00Z"); // 23:00 there
  const text = (at: string) => momentText("en", market, at, now).replace("\u202f", " ");
  expect(text("2026-06-30T19:30:00Z")).toBe("12:30:00 AM");
  expect(text("2026-06-30T18:30:00Z")).toContain("Jun 30");
  expect(text("2026-07-01T19:30:00Z")).toContain("Jul 2");
});
