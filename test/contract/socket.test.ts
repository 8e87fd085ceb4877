import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { HttpReply, HttpRequest, Server, ServerSpec, Socket } from "../../src/socket/port.ts";
import { transports } from "../fixtures/transports.ts";

// What any transport must do, on real sockets.

const MAX_BODY = 1000;
const MAX_FRAME = 1024;
const MAX_BUFFERED = 64 * 1024;

interface Session {
  readonly name: string;
}

describe.each(transports)("P91: transport $name", ({ listen: serve }) => {
  let server: Server;
  const sockets: Socket<Session>[] = [];
  const heard: string[] = [];
  const closed: { name: string; code: number }[] = [];
  const drained = vi.fn<(socket: Socket<Session>) => void>();
  const failed = vi.fn<(error: unknown) => HttpReply>(() => ({ status: 500, body: "failed" }));
  let trusted: readonly string[] = [];
  let release: () => void = () => {};
  const gate = () => new Promise<void>((resolve) => (release = resolve));

  const spec: ServerSpec<Session> = {
    host: "127.0.0.1",
    port: 0,
    routes: {
      "GET /hello/:name": (request) => ({
        status: 200,
        headers: { "content-type": "text/plain", "x-seen": request.header("x-sent") },
        body: `${request.params["name"]} ${request.query.get("q")} ${request.address}`,
      }),
      "GET /hello/nobody": () => ({ status: 204 }),
      "POST /echo": (request) => ({ status: 201, body: request.body }),
      "POST /echo/later": async (request) => {
        await sleep(5);
        return { status: 200, body: `${request.header("x-sent")}:${request.body.length}` };
      },
      "GET /gated": async () => {
        await gate();
        return { status: 200, body: "too late" };
      },
      "GET /throws": () => {
        throw new Error("a bug");
      },
      "OPTIONS /*": () => ({ status: 204, headers: { "access-control-allow-origin": "x" } }),
      "GET /rejects": () => Promise.reject(new Error("a bug, later")),
    },
    notFound: (request) => ({ status: 404, body: `nothing at ${request.path}` }),
    wrongMethod: (request) => ({
      status: 405,
      headers: { "x-seen": request.header("x-sent") },
      body: "not this method",
    }),
    malformed: { status: 400, body: "malformed" },
    tooLarge: (request) => ({
      status: 413,
      headers: { "x-seen": request.header("x-sent") },
      body: "too large",
    }),
    failed,
    trusts: (address) => trusted.includes(address),
    maxBodyBytes: MAX_BODY,
    maxFrameBytes: MAX_FRAME,
    maxBufferedBytes: MAX_BUFFERED,
    idleTimeoutS: 8,
    sockets: {
      "/ws/:name": {
        upgrade: async (request: HttpRequest) => {
          const name = request.params["name"]!;
          if (name === "where") return { is: "refuse", reply: { status: 403, body: request.address } };
          if (name === "nobody") return { is: "refuse", reply: { status: 403, body: "not you" } };
          if (name === "slowly") await gate();
          const offered = request.header("sec-websocket-protocol").split(",")[0]!.trim();
          return { is: "accept", state: { name }, ...(offered && { subprotocol: offered }) };
        },
        opened: (socket) => void sockets.push(socket),
        message: (socket, frame, binary) => {
          const text = Buffer.from(frame).toString();
          heard.push(`${socket.state.name} ${binary ? "binary" : "text"} ${text}`);
          if (text === "bye") socket.close(4001, "as you wish");
          else socket.send(binary ? frame : text);
        },
        closed: (socket, code) => void closed.push({ name: socket.state.name, code }),
        drained,
      },
    },
  };

  beforeAll(async () => {
    server = await serve(spec);
  });
  afterAll(() => server.close());

  const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;

  /** Sends raw bytes; resolves with everything answered until `until` was seen or the peer closed. */
  const raw = (text: string, until: RegExp | "closed") =>
    new Promise<string>((resolve) => {
      let answer = "";
      const peer = connect(server.port, "127.0.0.1", () => peer.write(text));
      const done = () => {
        resolve(answer);
        peer.destroy();
      };
      peer.on("data", (bytes) => {
        answer += bytes.toString();
        if (until !== "closed" && until.test(answer)) done();
      });
      peer.on("error", () => {}); // a reset counts as closed
      peer.on("close", done);
    });

  const open = async (name: string, options: { protocols?: string[]; autoPong?: boolean } = {}) => {
    const peer = new WebSocket(`ws://127.0.0.1:${server.port}/ws/${name}`, options.protocols ?? [], {
      autoPong: options.autoPong ?? true,
    });
    const known = sockets.length;
    await once(peer, "open");
    await vi.waitUntil(() => sockets.length > known);
    return { peer, socket: sockets.at(-1)! };
  };
  const closeCode = async (peer: WebSocket) => (await once(peer, "close"))[0] as number;

  describe("HTTP", () => {
    test("P20: a route is given path parameters, query, headers and the address", async () => {
      const answer = await fetch(url("/hello/%D0%90%20b?q=1%2B1"), { headers: { "X-Sent": "yes" } });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("x-seen")).toBe("yes");
      expect(await answer.text()).toBe("А b 1+1 127.0.0.1");
    });

    test("S43, S44: given a trusted peer that tells for whom it asks, in one line or several, then requests and upgrades come from there; of any other peer nothing is believed", async () => {
      const get = (path: string, ...more: string[]) =>
        raw(["GET " + path + " HTTP/1.1", "Host: x", ...more, "", ""].join("\r\n"), /\r\n\r\n.+/s);
      const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
      const key = `Sec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}`;
      const lines = ["X-Forwarded-For: 127.0.0.1", "X-FORWARDED-FOR: 203.0.113.7, 198.51.100.1"];
      const froms = async () => [
        (await get("/hello/you", ...lines)).split(" ").at(-1),
        (await get("/ws/where", ...upgrade, key, ...lines)).split("\r\n").at(-1),
      ];
      expect(await froms()).toEqual(["127.0.0.1", "127.0.0.1"]);
      trusted = ["127.0.0.1"];
      expect(await froms()).toEqual(["198.51.100.1", "198.51.100.1"]);
      trusted = ["127.0.0.1", "198.51.100.1", "203.0.113.7"];
      lines.unshift("X-Forwarded-For: 192.0.2.7");
      expect(await froms()).toEqual(["192.0.2.7", "192.0.2.7"]);
      trusted = [];
    });

    test("P20: a fixed path goes before one with a parameter", async () => {
      expect((await fetch(url("/hello/nobody"))).status).toBe(204);
    });

    test("P20: a route is given the whole body, at once or in pieces", async () => {
      const body = Buffer.alloc(MAX_BODY, "ab");
      const answer = await fetch(url("/echo"), { method: "POST", body });
      expect(answer.status).toBe(201);
      expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
      const pieces = new ReadableStream({
        async start(stream) {
          for (const piece of ["one ", "two ", "three"]) {
            stream.enqueue(Buffer.from(piece));
            await sleep(5);
          }
          stream.close();
        },
      });
      const chunked = await fetch(url("/echo"), { method: "POST", body: pieces, duplex: "half" });
      expect(await chunked.text()).toBe("one two three");
    });

    test("P20: a route may answer later, and still has headers and body", async () => {
      const answer = await fetch(url("/echo/later"), {
        method: "POST",
        headers: { "x-sent": "kept" },
        body: "12345",
      });
      expect(await answer.text()).toBe("kept:5");
    });

    test("P20: HEAD is GET without the body", async () => {
      const answer = await fetch(url("/hello/you?q=1"), { method: "HEAD" });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-length")).toBe(String("you 1 127.0.0.1".length));
      expect(await answer.text()).toBe("");
    });

    test("P20: a route that throws or rejects is answered as a failure", async () => {
      for (const path of ["/throws", "/rejects"]) {
        failed.mockClear();
        const answer = await fetch(url(path));
        expect([answer.status, await answer.text()]).toEqual([500, "failed"]);
        expect(failed).toHaveBeenCalledOnce();
      }
    });

    test("P20: a peer that leaves before its answer harms nobody", async () => {
      const leaving = new AbortController();
      const request = fetch(url("/gated"), { signal: leaving.signal });
      const before = release;
      await vi.waitUntil(() => release !== before);
      leaving.abort();
      await expect(request).rejects.toThrow();
      await sleep(20);
      release();
      expect((await fetch(url("/hello/nobody"))).status).toBe(204);
    });

    test("P20: requests sent in a row without waiting are answered in order", async () => {
      const many = 500;
      const requests = Array.from({ length: many }, (_, i) =>
        i % 2 === 0
          ? `GET /hello/n${i}.?q=0 HTTP/1.1\r\nhost: x\r\n\r\n`
          : `POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: ${`n${i}.`.length}\r\n\r\nn${i}.`,
      );
      const answer = await raw(requests.join(""), new RegExp(`n${many - 1}\\.`));
      const order = [...answer.matchAll(/n(\d+)\./g)].map((match) => Number(match[1]));
      expect(order).toEqual(Array.from({ length: many }, (_, i) => i));
    });

    test("P24: an unknown path is 404, a known one with another method 405 with Allow", async () => {
      const missing = await fetch(url("/nowhere"));
      expect([missing.status, await missing.text()]).toEqual([404, "nothing at /nowhere"]);
      const wrong = await fetch(url("/echo"), { method: "DELETE", headers: { "x-sent": "a" } });
      const { headers } = wrong;
      expect([wrong.status, headers.get("allow"), headers.get("x-seen")]).toEqual([405, "POST", "a"]);
      const get = await fetch(url("/hello/x"), { method: "POST", body: "b" });
      expect([get.status, get.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    });

    test("P24: a route for one method of every path makes no path known", async () => {
      const preflight = await fetch(url("/echo"), { method: "OPTIONS" });
      expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, "x"]);
      expect((await fetch(url("/nowhere"), { method: "PUT" })).status).toBe(404);
    });

    test("P24: a WebSocket path without an upgrade is 404", async () => {
      expect((await fetch(url("/ws/me"))).status).toBe(404);
    });

    test("P93: an offer to upgrade to something else is declined: the request is answered as it is", async () => {
      const offer =
        "host: x\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAM\r\n";
      const peer = connect(server.port, "127.0.0.1");
      const answerTo = async (text: string) => {
        peer.write(text);
        return String((await once(peer, "data"))[0]);
      };
      const get = (path: string) => answerTo(`GET ${path} HTTP/1.1\r\n${offer}\r\n`);
      expect(await get("/hello/you?q=1")).toMatch(/^HTTP\/1.1 200 [^]*you 1/);
      const post = `POST /echo HTTP/1.1\r\n${offer}content-length: 4\r\n\r\nbody`;
      expect(await answerTo(post)).toMatch(/^HTTP\/1.1 201 [^]*body$/);
      expect(await get("/ws/me")).toMatch(/^HTTP\/1.1 404 [^]*nothing at/);
      peer.destroy();
    });

    test("P25: a body over the limit is 413, and the connection is of use again", async () => {
      const body = "x".repeat(MAX_BODY + 1);
      const answer = await raw(
        `POST /echo HTTP/1.1\r\nhost: x\r\nx-sent: b\r\ncontent-length: ${body.length}\r\n\r\n${body}` +
          "GET /hello/again?q=1 HTTP/1.1\r\nhost: x\r\n\r\n",
        /again 1/,
      );
      expect(answer).toMatch(/^HTTP\/1.1 413 [^]*x-seen: b[^]*too large[^]*HTTP\/1.1 200/);
    });

    test("P25: a body far over the limit is 413 and ends the connection", async () => {
      const answer = await raw(
        `POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: ${MAX_BODY * 100}\r\n\r\nxxx`,
        "closed",
      );
      expect(answer).toMatch(/^HTTP\/1.1 413 [^]*too large/);
    });

    test("P25: a body that does not say its length is cut off at the limit", async () => {
      const answer = await raw(
        "POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n" +
          `200\r\n${"x".repeat(512)}\r\n`.repeat(2),
        "closed",
      );
      expect(answer).toMatch(/^HTTP\/1.1 413 [^]*too large/);
    });

    test("P26: two different Content-Length headers are 400, and nothing hidden behind is served", async () => {
      const twice = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 40\r\n\r\nabc";
      expect(await raw(twice, "closed")).toMatch(/^HTTP\/1.1 400 [^]*malformed/);
      const hidden = "GET /hello/smuggled?q=1 HTTP/1.1\r\nhost: x\r\n\r\n";
      expect(await raw(twice + hidden, "closed")).not.toContain("smuggled");
    });
  });

  describe("WebSocket", () => {
    test("P23: the upgrade may be refused as HTTP", async () => {
      const peer = new WebSocket(`ws://127.0.0.1:${server.port}/ws/nobody`);
      const [, answer] = await once(peer, "unexpected-response");
      expect((answer as { statusCode: number }).statusCode).toBe(403);
      peer.on("error", () => {}).terminate();
    });

    test("P23: the chosen subprotocol is echoed", async () => {
      const { peer } = await open("me", { protocols: ["dg.v1", "bearer.x"] });
      expect(peer.protocol).toBe("dg.v1");
      peer.close();
    });

    test("P23: a peer that leaves while its upgrade is judged is never opened", async () => {
      const before = release;
      const opened = sockets.length;
      const peer = new WebSocket(`ws://127.0.0.1:${server.port}/ws/slowly`);
      await vi.waitUntil(() => release !== before);
      peer.on("error", () => {}).terminate();
      await sleep(20);
      release();
      const other = await open("me");
      expect(sockets).toHaveLength(opened + 1);
      other.peer.close();
    });

    test("P96: of many sockets whose upgrades were judged late, none is dropped", async () => {
      for (let round = 0; round < 4; round++) {
        const peers = await Promise.all(Array.from({ length: 300 }, () => open("echo")));
        const lost: number[] = [];
        const back = peers.map(async ({ peer }) => {
          peer.on("close", (code) => lost.push(code));
          peer.send("still here");
          await Promise.race([once(peer, "message"), once(peer, "close")]);
        });
        await Promise.all(back);
        expect(lost).toEqual([]);
        for (const { peer } of peers) peer.terminate();
      }
    });

    test("P28: text and binary frames arrive as they were sent, both ways and in order", async () => {
      const { peer } = await open("echo");
      const got: string[] = [];
      peer.on("message", (data, binary) => got.push(`${binary ? "b" : "t"}${(data as Buffer).toString()}`));
      const sent = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? `b${i}` : `t${i}`));
      for (const frame of sent) peer.send(frame.slice(1), { binary: frame.startsWith("b") });
      await vi.waitUntil(() => got.length === sent.length);
      expect(got).toEqual(sent);
      peer.close();
    });

    test("P22: a frame at the limit is delivered, a bigger one closes with 1009", async () => {
      const { peer } = await open("big");
      peer.send("x".repeat(MAX_FRAME));
      expect(String((await once(peer, "message"))[0])).toHaveLength(MAX_FRAME);
      const before = heard.length;
      peer.send("x".repeat(MAX_FRAME + 1));
      expect(await closeCode(peer)).toBe(1009);
      expect(heard).toHaveLength(before);
      expect(closed.at(-1)).toEqual({ name: "big", code: 1009 });
    });

    test("P28: close codes go both ways", async () => {
      const first = await open("theirs");
      first.peer.close(4999, "done");
      await vi.waitUntil(() => closed.some((one) => one.name === "theirs"));
      expect(closed.at(-1)).toEqual({ name: "theirs", code: 4999 });

      const second = await open("ours");
      second.peer.send("bye");
      const [code, reason] = (await once(second.peer, "close")) as [number, Buffer];
      expect([code, reason.toString()]).toEqual([4001, "as you wish"]);
      expect(closed.at(-1)).toEqual({ name: "ours", code: 4001 });
    });

    test("P28: every verb of a closed socket does nothing", async () => {
      const { peer, socket } = await open("gone");
      expect(socket.open).toBe(true);
      peer.terminate();
      await vi.waitUntil(() => !socket.open);
      expect(socket.send("x")).toBe("sent");
      expect(socket.send(new Uint8Array(3))).toBe("sent");
      expect(socket.buffered()).toBe(0);
      socket.close(1001, "again");
      expect(closed.filter((one) => one.name === "gone")).toHaveLength(1);
    });

    test("P27: a peer that does not read is slow; when it reads again we are told", async () => {
      drained.mockClear();
      const { peer, socket } = await open("slow");
      let got = 0;
      peer.on("message", () => got++);
      peer.pause();
      const frame = Buffer.alloc(32 * 1024);
      let sent = 0;
      while (socket.send(frame) === "sent") expect(++sent).toBeLessThan(2000);
      expect(socket.buffered()).toBeGreaterThan(MAX_BUFFERED);
      expect(socket.open).toBe(true);
      peer.resume();
      await vi.waitUntil(() => drained.mock.calls.length > 0 && got === sent, 10_000);
      expect(drained).toHaveBeenCalledExactlyOnceWith(socket);
      expect(socket.send("more")).toBe("sent");
      peer.close();
    });

    test("P27: a slow peer is closed with a code that it reads at last", async () => {
      const { peer, socket } = await open("slower");
      peer.pause();
      while (socket.send(Buffer.alloc(32 * 1024)) === "sent");
      socket.close(4008, "too slow");
      expect(socket.open).toBe(false);
      const code = closeCode(peer);
      peer.resume();
      expect(await code).toBe(4008);
    });
  });

  describe("silence", () => {
    test.concurrent("P29: a peer is pinged; one that stays silent is closed, one that answers is not", async () => {
      const answering = await open("answering");
      const silent = await open("silent", { autoPong: false });
      await once(silent.peer, "ping");
      await closeCode(silent.peer);
      expect(closed.at(-1)?.name).toBe("silent");
      expect(answering.socket.open).toBe(true);
      answering.peer.close();
    });

    test.concurrent("P94: a request that never ends, or a next one that never comes, is not waited for", async () => {
      const [endless, single] = await Promise.all([
        raw("GET /hello/x HTTP/1.1\r\nhost: x\r\nx: ", "closed"),
        raw("GET /hello/you?q=1 HTTP/1.1\r\nhost: x\r\n\r\n", "closed"),
      ]);
      expect(endless).not.toContain("200 OK");
      expect(single).toContain("you 1");
    });
  });

  describe("listening", () => {
    test("P21: a taken port is refused with one clear line", async () => {
      await expect(serve({ ...spec, port: server.port })).rejects.toThrow(`port ${server.port} is in use`);
      await expect(serve({ ...spec, host: "203.0.113.1" })).rejects.toThrow(
        "cannot listen on 203.0.113.1:0: EADDRNOTAVAIL",
      );
    });

    test("P21: after it stopped listening sockets live on; after it closed none do", async () => {
      const own = await serve(spec);
      const peer = new WebSocket(`ws://127.0.0.1:${own.port}/ws/staying`);
      await once(peer, "open");
      own.stopListening();
      own.stopListening();
      await expect(fetch(`http://127.0.0.1:${own.port}/hello/x`)).rejects.toThrow();
      peer.send("still here");
      expect(String((await once(peer, "message"))[0])).toBe("still here");
      own.close();
      await closeCode(peer);
    });
  });
});
