import { type JWK, SignJWT, exportJWK, generateKeyPair } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { createServer } from "node:http";
import { createTokens } from "../../src/session/tokens.ts";
import { remoteKeys } from "../../src/session/remote-keys.ts";

/** An identity provider on a port of its own: a list of keys, and a way to make tokens. */
const openProvider = async () => {
  const keys: JWK[] = [];
  let status = 200;
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(status).end(JSON.stringify({ keys }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/jwks.json`),
    asked: () => asked,
    answers: (next: number) => void (status = next),
    /** From now on its only key; makes tokens. */
    async rotate(kid: string) {
      const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
      keys.splice(0, keys.length, { ...(await exportJWK(publicKey)), alg: "ES256", kid });
      return (sub: string) =>
        new SignJWT({ role: "passenger", sub, exp: Date.now() / 1_000 + 3_600 })
          .setProtectedHeader({ alg: "ES256", kid })
          .sign(privateKey);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
    async start() {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
  };
};

describe("keys behind a URL", () => {
  let provider: Awaited<ReturnType<typeof openProvider>>;
  let failures: unknown[];
  let code: (token: string) => Promise<string>;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    provider = await openProvider();
    failures = [];
    const foreign = remoteKeys(provider.url, (error) => void failures.push(error));
    const tokens = createTokens({ secret: "s".repeat(32), foreign }, Date.now);
    code = async (token) => {
      const verified = await tokens.verify(token);
      return verified.is === "ok" ? verified.identity.sub : verified.refusal.code;
    };
  });
  afterEach(async () => {
    vi.useRealTimers();
    await provider.stop();
  });
  const later = (s: number) => vi.setSystemTime(Date.now() + s * 1_000);

  test("S40: given a token of the provider, when it comes, then its keys are fetched, once for many tokens", async () => {
    const sign = await provider.rotate("k1");
    expect(provider.asked()).toBe(0);
    expect(await Promise.all(["a", "b"].map(async (sub) => code(await sign(sub))))).toEqual(["a", "b"]);
    expect([provider.asked(), failures]).toEqual([1, []]);
  });

  test("S42: given a key that was rotated, when a token names the new one, then it is fetched; what the old one signed is refused", async () => {
    const old = await provider.rotate("k1");
    expect(await code(await old("a"))).toBe("a");
    const sign = await provider.rotate("k2");
    later(31);
    expect(await code(await sign("b"))).toBe("b");
    expect(await code(await old("c"))).toBe("unauthenticated");
    expect(provider.asked()).toBe(2);
  });

  test("S42: given tokens that name keys of nobody, when they come in numbers, then the provider is asked twice a minute", async () => {
    const forged = await provider.rotate("k0");
    await provider.rotate("k1");
    for (let i = 0; i < 20; i++) {
      expect(await code(await forged(`a${i}`))).toBe("unauthenticated");
      later(3);
    }
    expect(provider.asked()).toBe(2);
  });

  test("S41: given a provider that is down, when tokens come, then they are unavailable, not forged, and it is asked every 5 s at most; given it is back, then they are good", async () => {
    const sign = await provider.rotate("k1");
    const tokens = await Promise.all(["a", "b", "c"].map(sign));
    await provider.stop();
    expect(await Promise.all(tokens.map(code))).toEqual(["unavailable", "unavailable", "unavailable"]);
    expect(failures).toHaveLength(1);
    await provider.start();
    later(4);
    expect(await code(tokens[0]!)).toBe("unavailable");
    expect(provider.asked()).toBe(0);
    later(1);
    expect(await Promise.all(tokens.map(code))).toEqual(["a", "b", "c"]);
    expect([provider.asked(), failures.length]).toEqual([1, 1]);
  });

  test("S41: given a provider that answers 500, then the same", async () => {
    const sign = await provider.rotate("k1");
    provider.answers(500);
    expect(await code(await sign("a"))).toBe("unavailable");
    provider.answers(200);
    later(5);
    expect(await code(await sign("a"))).toBe("a");
  });

  test("S42: given keys once fetched, when the provider is down for hours, then what they sign is good, forgeries are refused, and a key never seen is unavailable", async () => {
    const sign = await provider.rotate("k1");
    await code(await sign("a"));
    const unseen = await provider.rotate("k2");
    const impostor = await provider.rotate("k1");
    await provider.stop();
    for (const passed of [31, 3_600, 3_600]) {
      later(passed);
      expect(await code(await sign(`b${passed}`))).toBe(`b${passed}`);
      expect(await code(await unseen("c"))).toBe("unavailable");
      expect(await code(await impostor("d"))).toBe("unauthenticated");
    }
  });
});
