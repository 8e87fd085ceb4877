import { SignJWT, createLocalJWKSet, exportJWK, generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import { fakeClock } from "../fixtures/fake-clock.ts";
import type { HttpPorts } from "../../src/http/ports.ts";
import type { HttpReply, HttpRequest } from "../../src/socket/port.ts";
import { createLimit } from "../../src/session/limits.ts";
import type { Role } from "../../src/domain/status.ts";
import { createTokens } from "../../src/session/tokens.ts";
import { guarded } from "../../src/http/guard.ts";
import { json, transportReplies } from "../../src/http/replies.ts";
import { openAliases } from "../../src/http/aliases.ts";
import { openCors } from "../../src/http/cors.ts";
import { parseBody } from "../../src/protocol/parse.ts";
import { refreshToken } from "../../src/http/register.ts";
import { tripCancel } from "../../src/protocol/http-bodies.ts";

const requestWith = (headers: Record<string, string>, body = "", address = "203.0.113.9"): HttpRequest => ({
  method: "POST",
  path: "/",
  params: {},
  query: new URLSearchParams(),
  header: (name) => headers[name] ?? "",
  body: Buffer.from(body),
  address,
});

describe("CORS", () => {
  const cors = openCors(["https://app.example"]);
  const reply = json(200, { a: 1 });
  const opened = (origin: string) => cors.open(requestWith({ origin }), reply).headers ?? {};

  test("S23: given an allowed origin, then its page may read the reply, and caches know that it depends", () => {
    expect(opened("https://app.example")).toMatchObject({
      "access-control-allow-origin": "https://app.example",
      "content-type": "application/json",
      vary: "origin",
    });
  });

  test.each(["https://evil.example", "https://app.example.evil.example", "http://app.example", "null"])(
    "S23: given the origin %s, then nothing is opened",
    (origin) => {
      expect(Object.keys(opened(origin)).filter((name) => name.startsWith("access-control"))).toEqual([]);
    },
  );

  test("S23: a call without an origin is answered as it is", () => {
    expect(cors.open(requestWith({}), reply)).toBe(reply);
  });

  test("S23: a preflight names the methods and the headers of a call", () => {
    const preflight = cors.preflight(["GET", "POST"]);
    const answer = preflight(requestWith({ origin: "https://app.example" })) as HttpReply;
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": "https://app.example",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": expect.stringContaining("idempotency-key") as string,
    });
  });

  test("S23: `*` opens to every origin", () => {
    const headers = openCors(["*"]).open(requestWith({ origin: "https://any.example" }), reply).headers;
    expect(headers).toMatchObject({ "access-control-allow-origin": "https://any.example" });
  });
});

describe("the alias of a driver", () => {
  const day = 86_400_000;

  test("S24: it is the same all day and another the next day", () => {
    let now = 20_000 * day;
    const alias = openAliases("secret", () => now);
    const first = alias("driver-1");
    now += day - 1;
    expect(alias("driver-1")).toBe(first);
    now += 1;
    const second = alias("driver-1");
    expect(second).not.toBe(first);
    now -= 1;
    expect(alias("driver-1")).toBe(first);
  });

  test("S24: it differs by driver and by secret, and names neither", () => {
    const at = () => 20_000 * day;
    const alias = openAliases("secret", at);
    expect(alias("driver-1")).toMatch(/^[\w-]{16}$/);
    expect(alias("driver-1")).not.toBe(alias("driver-2"));
    expect(alias("driver-1")).not.toBe(openAliases("other", at)("driver-1"));
  });
});

describe("the guard of a route", () => {
  const now = 1_700_000_000_000;
  const tokens = createTokens({ secret: "s".repeat(32) }, () => now);
  const clock = fakeClock();
  const userLimit = createLimit({ perS: 0.5, burst: 20 }, clock);
  const route = guarded(
    { tokens, userLimit },
    ["passenger", "admin", "service"],
    (request) => parseBody(tripCancel, request.body),
    ({ identity, content }) => json(200, { sub: identity.sub, reason: content.reason }),
  );
  const call = async (token: string, body = "{}") => {
    const reply = await route(requestWith({ authorization: `Bearer ${token}` }, body));
    return { status: reply.status, body: JSON.parse(String(reply.body)) as Record<string, unknown> };
  };
  const codeOf = (body: Record<string, unknown>) => (body["error"] as { code: string }).code;

  test("P50: given no token, then 401 before anything else is looked at", async () => {
    const reply = await route(requestWith({}, "not json"));
    expect(reply.status).toBe(401);
    expect(JSON.parse(String(reply.body))).toMatchObject({ error: { code: "unauthenticated" } });
  });

  test("P50: given the wrong role, then 403, also with a bad body", async () => {
    const { status, body } = await call(await tokens.sign("d1", "driver", 60), "not json");
    expect([status, codeOf(body)]).toEqual([403, "forbidden"]);
  });

  test("P50: given a bad body, then 400 for no JSON and 422 for wrong values", async () => {
    const token = await tokens.sign("p1", "passenger", 60);
    const malformed = await call(token, "{");
    const invalid = await call(token, '{"reason": 5}');
    expect([malformed.status, codeOf(malformed.body)]).toEqual([400, "malformed"]);
    expect([invalid.status, codeOf(invalid.body)]).toEqual([422, "invalid"]);
  });

  test("S46: given a user who asks too often, from wherever, then 429 with the wait, their sockets' messages counted too; not for loopback, a service or another user", async () => {
    const asks = async (sub: string, role: Role, address?: string) => {
      const authorization = `Bearer ${await tokens.sign(sub, role, 60)}`;
      const { status, headers } = await route(requestWith({ authorization }, "{}", address));
      return [status, headers?.["retry-after"]];
    };
    for (let i = 0; i < 19; i++)
      expect(await asks("busy", "passenger", `203.0.113.${i}`)).toEqual([200, undefined]);
    userLimit.take("busy"); // as a socket does
    expect(await asks("busy", "passenger")).toEqual([429, "2"]);
    expect(await asks("busy", "driver")).toEqual([429, "2"]);
    expect(await asks("busy", "passenger", "127.0.0.1")).toEqual([200, undefined]);
    expect(await asks("busy", "service")).toEqual([200, undefined]);
    expect(await asks("idle", "passenger")).toEqual([200, undefined]);
    await clock.advance(2_000);
    expect(await asks("busy", "passenger")).toEqual([200, undefined]);
  });

  test("P50: given a known token, then the answer costs no wait", async () => {
    const token = await tokens.sign("p1", "passenger", 60);
    await call(token);
    const reply = route(requestWith({ authorization: `Bearer ${token}` }, '{"reason": "late"}'));
    expect(reply).not.toBeInstanceOf(Promise);
    expect(JSON.parse(String((reply as HttpReply).body))).toEqual({ sub: "p1", reason: "late" });
  });
});

describe("renewing a token", () => {
  test("S58: given a token that was made elsewhere, when it is to be renewed, then it is refused and no token of ours is given for it", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), alg: "ES256", kid: "k" };
    const clock = fakeClock();
    const foreign = createLocalJWKSet({ keys: [jwk] });
    const tokens = createTokens({ secret: "s".repeat(32), foreign }, () => clock.wall());
    const renew = refreshToken({ tokens, userLimit: createLimit({ perS: 1, burst: 9 }, clock) } as HttpPorts);
    const theirs = await new SignJWT({ role: "passenger", sub: "p1", exp: clock.wall() / 1_000 + 60 })
      .setProtectedHeader({ alg: "ES256", kid: "k" })
      .sign(privateKey);
    const renewed = async (token: string) => renew(requestWith({ authorization: `Bearer ${token}` }));
    for (const time of ["first", "known"]) expect(await renewed(theirs), time).toMatchObject({ status: 403 });
    expect(await renewed(await tokens.sign("p1", "passenger", 60))).toMatchObject({ status: 200 });
  });
});

describe("what the transport answers by itself", () => {
  const alarms: string[] = [];
  const replies = transportReplies((what) => alarms.push(what), ["https://app.example"]);
  const own = [replies.notFound, replies.wrongMethod, replies.tooLarge];

  test("P51: every reply has the one shape of errors, its code and its status", () => {
    const told = [...own.map((reply) => reply(requestWith({})) as HttpReply), replies.malformed].map(
      (reply) => [
        reply.status,
        (JSON.parse(String(reply.body)) as { error: { code: string } }).error.code,
        reply.headers?.["vary"],
      ],
    );
    expect(told).toEqual([
      [404, "not_found", undefined],
      [405, "method_not_allowed", undefined],
      [413, "too_large", undefined],
      [400, "malformed", undefined],
    ]);
  });

  test("S56: given an unknown path, another method or a body too large, when a page of an allowed origin calls, then it may read the reply, and a page of no other origin", () => {
    const opens = (origin: string) =>
      own.map((reply) => {
        const { headers } = reply(requestWith({ origin })) as HttpReply;
        return [headers?.["access-control-allow-origin"], headers?.["vary"]];
      });
    expect(opens("https://app.example")).toEqual(own.map(() => ["https://app.example", "origin"]));
    expect(opens("https://evil.example")).toEqual(own.map(() => [undefined, "origin"]));
  });

  test("P51: a failure of ours is 500, told to the log and not to the caller", () => {
    const reply = replies.failed(new Error("password=hunter2 at /srv/app.ts:1"));
    expect(reply.status).toBe(500);
    expect(String(reply.body)).not.toContain("hunter2");
    expect(alarms).toEqual(["a route failed"]);
  });
});
