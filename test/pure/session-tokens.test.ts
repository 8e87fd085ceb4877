import * as fc from "fast-check";
import { SignJWT, createLocalJWKSet, exportJWK, generateKeyPair } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { type FakeClock, fakeClock } from "../fixtures/fake-clock.ts";
import { authenticate, subprotocolOf } from "../../src/session/bearer.ts";
import { createLimit, isLoopback } from "../../src/session/limits.ts";
import type { Role } from "../../src/domain/status.ts";
import { createTokens } from "../../src/session/tokens.ts";

const secret = "s".repeat(32);
let clock: FakeClock;
beforeEach(() => {
  clock = fakeClock();
});
const open = () => createTokens({ secret }, () => clock.wall());
const code = async (verified: unknown) => {
  const result = (await verified) as { is: string; refusal?: { code: string } };
  return result.refusal?.code ?? result.is;
};

describe("tokens", () => {
  test("S1: given a signed token, who speaks is its sub and role", async () => {
    const tokens = open();
    const verified = await tokens.verify(await tokens.sign("p1", "passenger", 60));
    expect(verified).toMatchObject({ is: "ok", identity: { sub: "p1", role: "passenger" } });
  });

  test("S1: given a signed token without a valid sub, a known role or an end, it proves nothing", async () => {
    const tokens = open();
    const key = new TextEncoder().encode(secret);
    const made = (claims: object) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: "HS256" }).sign(key);
    const exp = clock.wall() / 1_000 + 60;
    for (const claims of [
      { sub: "a b", role: "driver", exp },
      { sub: "a", role: "king", exp },
      { sub: "a", role: "driver" },
      { role: "driver", exp },
    ])
      expect(await code(tokens.verify(await made(claims)))).toBe("unauthenticated");
    expect(await code(tokens.verify(await made({ sub: "a", role: "driver", exp })))).toBe("ok");
  });

  test("S2: given a token of another secret, without a signature, or no token at all, it is refused", async () => {
    const tokens = open();
    const other = createTokens({ secret: "t".repeat(32) }, () => clock.wall());
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"a","role":"admin","exp":9999999999}')}.`;
    for (const token of [await other.sign("a", "admin", 60), unsigned, "", "x.y.z"])
      expect(await code(tokens.verify(token))).toBe("unauthenticated");
  });

  test("S2: given a JWKS, its ES256 tokens are taken, and its public key signs no HS256 token", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), alg: "ES256", kid: "k" };
    const foreign = createLocalJWKSet({ keys: [jwk] });
    const tokens = createTokens({ secret, foreign }, () => clock.wall());
    const claims = () => new SignJWT({ role: "service", sub: "s1", exp: clock.wall() / 1_000 + 60 });
    const good = await claims().setProtectedHeader({ alg: "ES256", kid: "k" }).sign(privateKey);
    expect(await code(tokens.verify(good))).toBe("ok");
    const forged = await claims()
      .setProtectedHeader({ alg: "HS256", kid: "k" })
      .sign(new TextEncoder().encode(JSON.stringify(jwk)));
    expect(await code(tokens.verify(forged))).toBe("unauthenticated");
  });

  test("S3: given a token seen before, it is answered at once, until it expires", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const foreign = createLocalJWKSet({ keys: [await exportJWK(publicKey)] });
    const tokens = createTokens({ secret, foreign }, () => clock.wall());
    const claims = { role: "passenger", sub: "p1", exp: clock.wall() / 1_000 + 60 };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
    expect(tokens.verify(token)).toBeInstanceOf(Promise);
    await tokens.verify(token);
    expect(tokens.verify(token)).toMatchObject({ is: "ok" });
    await clock.advance(60_000);
    expect(await code(tokens.verify(token))).toBe("token_expired");
    expect(await code(tokens.verify(token)), "not remembered any more").toBe("token_expired");
  });

  test("P82: given a token of this server, new or forged, it is answered at once", async () => {
    const token = await open().sign("p1", "passenger", 60);
    const [head, claims, signature] = token.split(".");
    const admin = Buffer.from(JSON.stringify({ sub: "p1", role: "admin", exp: 9_999_999_999 }));
    expect(open().verify(token)).toMatchObject({ is: "ok", identity: { sub: "p1", role: "passenger" } });
    for (const forged of [
      `${head}.${admin.toString("base64url")}.${signature}`,
      `${head}.${claims}.${signature}=`,
      `${head}.${claims}.`,
      `${head}.${claims}`,
    ])
      expect(open().verify(forged), forged).toMatchObject({ refusal: { code: "unauthenticated" } });
  });

  test("S1: given a signed token that is over, or not yet valid, it proves nothing", async () => {
    const nowS = clock.wall() / 1_000;
    const verify = async (times: object, header: object = {}) => {
      const made = new SignJWT({ sub: "a", role: "driver", ...times });
      const key = new TextEncoder().encode(secret);
      return code(open().verify(await made.setProtectedHeader({ alg: "HS256", ...header }).sign(key)));
    };
    expect(await verify({ exp: nowS })).toBe("token_expired");
    expect(await verify({ exp: nowS + 60, nbf: nowS + 1 })).toBe("unauthenticated");
    expect(await verify({ exp: nowS + 60, nbf: "soon" })).toBe("unauthenticated");
    expect(await verify({ exp: `${nowS + 60}` })).toBe("unauthenticated");
    expect(await verify({ exp: nowS + 60, sub: 7 })).toBe("unauthenticated");
    expect(await verify({ exp: nowS + 60, nbf: nowS })).toBe("ok");
  });

  test("S4: given a header, or a browser's subprotocols, the token is found", async () => {
    const tokens = open();
    const token = await tokens.sign("p1", "passenger", 60);
    const request = (headers: Record<string, string>) => ({ header: (name: string) => headers[name] ?? "" });
    const browser = request({ "sec-websocket-protocol": `dg.v1, bearer.${token}` });
    for (const one of [request({ authorization: `Bearer ${token}` }), browser])
      expect(await code(authenticate(tokens, one))).toBe("ok");
    expect(subprotocolOf(browser)).toBe("dg.v1");
    for (const one of [request({}), request({ authorization: token }), request({ authorization: "Basic x" })])
      expect(await code(authenticate(tokens, one))).toBe("unauthenticated");
  });

  test("S3: given every role, its token is of that role only", async () => {
    const tokens = open();
    for (const role of ["passenger", "driver", "admin", "service"] satisfies Role[])
      expect(await tokens.verify(await tokens.sign("x", role, 9))).toMatchObject({ identity: { role } });
  });
});

describe("limits", () => {
  test("P40: given a burst that is spent, the next is allowed when the rate gives one back", async () => {
    const limit = createLimit({ perS: 0.5, burst: 3 }, clock);
    expect([1, 2, 3, 4].map(() => limit.take("a"))).toEqual([0, 0, 0, 2]);
    expect(limit.take("b"), "another one's bucket").toBe(0);
    await clock.advance(1_999);
    expect(limit.take("a")).toBe(1);
    await clock.advance(1);
    expect([limit.take("a"), limit.take("a")]).toEqual([0, 2]);
  });

  test("P40: given more users than are remembered, the one not heard for longest has a full bucket again", () => {
    const limit = createLimit({ perS: 0.000_001, burst: 1 }, clock);
    const others = (from: number) => {
      for (let i = from; i < from + 49_999; i++) limit.take(`other${i}`);
    };
    expect(limit.take("a")).toBe(0);
    others(0);
    expect(limit.take("a")).toBeGreaterThan(0);
    others(50_000);
    expect(limit.take("a")).toBeGreaterThan(0);
    others(100_000);
    others(150_000);
    others(200_000);
    expect(limit.take("a")).toBe(0);
  });

  test("M107: given takes at any time, when buckets that must be full are forgotten, each is told as if none were", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.constantFrom(0, 100, 700, 3_000)), { maxLength: 60 }),
        async (takes) => {
          const limit = createLimit({ perS: 0.5, burst: 3 }, clock);
          const left = new Map<string, { left: number; at: number }>();
          for (const [who, afterMs] of takes) {
            await clock.advance(afterMs);
            const at = clock.monotonic();
            const before = left.get(who) ?? { left: 3, at };
            const full = Math.min(3, before.left + (at - before.at) * 0.000_5);
            expect(limit.take(who) === 0).toBe(full >= 1);
            left.set(who, { left: full >= 1 ? full - 1 : full, at });
          }
        },
      ),
    );
  });

  test("P40: given an address of this machine in any spelling, it is loopback", () => {
    const local = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"];
    const long = ["0000:0000:0000:0000:0000:0000:0000:0001", "0000:0000:0000:0000:0000:ffff:7f00:0001"];
    for (const address of [...local, ...long]) expect(isLoopback(address), address).toBe(true);
    const remote = ["10.0.0.1", "128.0.0.1", "::2", "::ffff:10.0.0.1", "2001:db8::1"];
    const longRemote = ["0000:0000:0000:0000:0000:ffff:0a00:0001", "2001:0000:0000:0000:0000:0000:0000:0001"];
    for (const address of [...remote, ...longRemote]) expect(isLoopback(address), address).toBe(false);
  });
});
