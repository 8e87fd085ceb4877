import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/config.ts";
import { areaTest } from "../../src/location/area.ts";
import { defaultLimits } from "../../src/limits.ts";
import { defaultPolicy } from "../../src/default-policy.ts";
import { parseMarkets, readMarkets } from "../../src/market-file.ts";

const city = { id: "city", name: "City", currency: "USD", time_zone: "America/New_York" };
const file = (...markets: object[]): string => JSON.stringify({ markets });
const one = (more: object) => parseMarkets(file({ ...city, ...more })).markets[0]!;
const refusalOf = (text: string): string => {
  try {
    parseMarkets(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error("the markets were accepted");
};

describe("where a market serves", () => {
  // An L: the square at its upper right is outside.
  const corners = [
    [0, 0],
    [0, 2],
    [1, 2],
    [1, 1],
    [2, 1],
    [2, 0],
  ];
  const inL = areaTest(one({ area: { polygon: corners } }).area);

  test.each([
    [0.5, 0.5, true],
    [0.5, 1.5, true],
    [1.5, 0.5, true],
    [1.5, 1.5, false],
    [-0.1, 0.5, false],
    [0.5, 2.1, false],
    [2.1, 0.5, false],
    [0.5, -0.1, false],
  ])("M20: given an L, then (%d, %d) lies inside: %s", (lat, lng, inside) => {
    expect(inL({ lat, lng })).toBe(inside);
  });

  test("M20: the direction of the corners does not matter", () => {
    const reversed = areaTest(one({ area: { polygon: corners.toReversed() } }).area);
    expect(reversed({ lat: 0.5, lng: 0.5 })).toBe(true);
    expect(reversed({ lat: 1.5, lng: 1.5 })).toBe(false);
  });

  test("M20: given H3 cells of two sizes, then both serve, and their neighbours do not", () => {
    // Cells of (38.56, 68.78) at resolution 9 and of (40, 70) at resolution 6.
    const cells = ["8920a26b137ffff", "8620a3a07ffffff"];
    const served = areaTest({ cells });
    expect(() => one({ area: { cells } })).not.toThrow();
    expect(served({ lat: 38.56, lng: 68.78 })).toBe(true);
    expect(served({ lat: 38.57, lng: 68.78 })).toBe(false);
    expect(served({ lat: 40, lng: 70 })).toBe(true);
    expect(served({ lat: 40.2, lng: 70 })).toBe(false);
  });

  test("M22: without a file Dushanbe serves what is near it, and the last market all the rest", () => {
    const [dushanbe, world] = readMarkets(null).markets;
    const near = areaTest(dushanbe!.area);
    expect(dushanbe).toMatchObject({ currency: "TJS", timeZone: "Asia/Dushanbe" });
    expect(near({ lat: 38.56, lng: 68.78 })).toBe(true);
    expect(near({ lat: 38.56 + 0.34, lng: 68.78 })).toBe(true);
    expect(near({ lat: 37.77, lng: -122.42 })).toBe(false);
    expect(areaTest(world!.area)({ lat: 37.77, lng: -122.42 })).toBe(true);
  });
});

describe("the markets file", () => {
  test("M23: what a policy does not name keeps its default; lists are taken whole", () => {
    const policy = {
      trip: { offer_shown_ms: 10_000 },
      fare: { per_km: 99 },
      waves: [{ size: 2, radius_m: 1_500 }],
      grace_ms: 1_000,
      vehicle_types: ["standard", "van"],
      max_trip_m: 80_000,
    };
    expect(one({ policy }).policy).toEqual({
      ...defaultPolicy,
      trip: { ...defaultPolicy.trip, offerShownMs: 10_000 },
      fare: { ...defaultPolicy.fare, perKm: 99 },
      waves: [{ size: 2, radiusM: 1_500 }],
      graceMs: 1_000,
      vehicleTypes: ["standard", "van"],
      maxTripM: 80_000,
    });
    expect(one({}).policy).toEqual(defaultPolicy);
  });

  test.each([
    [{ colour: "red" }, /markets\.0: .*colour/],
    [{ currency: "TJR" }, /markets\.0\.currency: is not an ISO 4217 currency/],
    [{ time_zone: "Asia/Dushanbee" }, /markets\.0\.time_zone: is not an IANA time zone/],
    [{ id: "a b" }, /markets\.0\.id/],
    [{ area: {} }, /markets\.0\.area/],
    [
      {
        area: {
          polygon: [
            [38, 68],
            [39, 68],
          ],
        },
      },
      /markets\.0\.area\.polygon/,
    ],
    [
      {
        area: {
          polygon: [
            [38, 68],
            [39, 68],
            [99, 68],
          ],
        },
      },
      /area\.polygon\.2\.0/,
    ],
    [{ area: { cells: ["89zz"] } }, /area\.cells\.0: is not an H3 cell/],
    [{ policy: { trip: { ofer_ms: 1 } } }, /markets\.0\.policy\.trip: .*ofer_ms/],
    [{ policy: { trip: { offerMs: 1 } } }, /markets\.0\.policy\.trip: .*offerMs/],
    [{ policy: { fare: { base: -1 } } }, /policy\.fare\.base/],
    [{ policy: { fare: { base: 1.5 } } }, /policy\.fare\.base/],
    [{ policy: { waves: [] } }, /policy\.waves/],
    [{ policy: { eta: { hour_factors: [1] } } }, /policy\.eta\.hour_factors/],
    [{ policy: { trip: { offer_ms: 14_000 } } }, /policy\.trip\.offer_shown_ms: 15000 .*offer_ms, 14000/],
  ])("M24: %j is refused with its path", (more, message) => {
    expect(refusalOf(file({ ...city, ...more }))).toMatch(message);
  });

  test("M24: a file that is no JSON, or has no market, is refused in one line", () => {
    for (const text of ["{", "[]", '{"markets": []}', '{"markets": {}}']) {
      expect(refusalOf(text)).toMatch(/^DG_MARKETS: [^\n]+$/);
    }
    expect(() => readMarkets("no-such-file.json")).toThrow(ConfigError);
  });

  test("P197: given a file that is no JSON, then it is told by line and column where", () => {
    const text = '{\n  "markets": [\n    {"id": "a",}\n  ]\n}';
    expect(refusalOf(text)).toMatch(/^DG_MARKETS: [^\n]+ line 3, column 16$/);
  });

  test("M80: what the limits do not name keeps its default; without limits, or without a file, all do", () => {
    const limits = { messages_per_user: { burst: 7 }, trusted_proxies: ["10.0.0.0/8", "::1"] };
    expect(parseMarkets(JSON.stringify({ limits, markets: [city] })).limits).toEqual({
      ...defaultLimits,
      messagesPerUser: { ...defaultLimits.messagesPerUser, burst: 7 },
      trustedProxies: ["10.0.0.0/8", "::1"],
    });
    expect([parseMarkets(file(city)).limits, readMarkets(null).limits]).toEqual([
      defaultLimits,
      defaultLimits,
    ]);
  });

  test("M80: a file of limits alone has the default markets", () => {
    const limits = { registrations_per_address: { per_s: 1 } };
    expect(parseMarkets(JSON.stringify({ limits })).markets).toEqual(readMarkets(null).markets);
  });

  test.each([
    [{ messages_per_user: { per_s: 0 } }, /^DG_MARKETS: limits\.messages_per_user\.per_s: /],
    [{ messages_per_user: { burst: 1.5 } }, /^DG_MARKETS: limits\.messages_per_user\.burst: /],
    [{ messages_per_users: {} }, /^DG_MARKETS: limits: .*messages_per_users/],
    [{ trusted_proxies: ["gateway"] }, /limits\.trusted_proxies\.0: must be an address or a subnet/],
    [{ trusted_proxies: ["::1", "10.0.0.0/33"] }, /limits\.trusted_proxies\.1: must be an address/],
  ])("M80: limits %j are refused with their path", (limits, message) => {
    expect(refusalOf(JSON.stringify({ limits, markets: [city] }))).toMatch(message);
  });

  test("M21: one market at most is without an area, and it is the last", () => {
    const polygon = [
      [0, 1],
      [1, 1],
      [1, 0],
    ];
    const inside = { ...city, id: "inside", area: { polygon } };
    expect(parseMarkets(file(inside, city)).markets.map(({ id }) => id)).toEqual(["inside", "city"]);
    expect(refusalOf(file(city, inside))).toMatch(/markets\.0\.area: only the last market/);
    expect(refusalOf(file(city, { ...city, id: "b" }))).toMatch(/markets\.0\.area/);
  });

  test("M24: an id is used once", () => {
    const polygon = [
      [0, 1],
      [1, 1],
      [1, 0],
    ];
    expect(refusalOf(file({ ...city, area: { polygon } }, city))).toMatch(/markets\.1\.id/);
  });
});
