import { afterAll, describe, expect, test } from "vitest";
import { brotliCompressSync, gunzipSync } from "node:zlib";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { HttpReply } from "../../src/socket/port.ts";
import { centreOf } from "../../src/location/area.ts";
import { join } from "node:path";
import { openPages } from "../../src/http/pages.ts";
import { tmpdir } from "node:os";

const folder = mkdtempSync(join(tmpdir(), "dg-pages-"));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "assets"));
for (const page of ["index", "admin", "ride", "drive"])
  writeFileSync(join(folder, `${page}.html`), `<p>${page}`);
writeFileSync(join(folder, "assets/main-1a.js"), "plain");
writeFileSync(join(folder, "assets/main-1a.js.br"), brotliCompressSync("plain"));
const roads = Buffer.from('{"type":"FeatureCollection","features":[]}');

const pages = openPages({ folder, tiles: null, roads });
const get = (opened: typeof pages, route: string, accept = "", file = ""): HttpReply =>
  opened.routes[route]!({
    method: "GET",
    path: "",
    params: { file },
    query: new URLSearchParams(),
    header: (name) => (name === "accept-encoding" ? accept : ""),
    body: new Uint8Array(),
    address: "::1",
  }) as HttpReply;

describe("pages", () => {
  test("P130: each page is served as built, asked for anew each time", () => {
    for (const [route, page] of [
      ["GET /", "index"],
      ["GET /admin", "admin"],
      ["GET /ride", "ride"],
      ["GET /drive", "drive"],
    ] as const) {
      const { status, headers, body } = get(pages, route);
      expect([status, String(body), headers?.["cache-control"]]).toEqual([200, `<p>${page}`, "no-cache"]);
    }
  });

  test("P130: files are kept for good by browsers, and sent in the best form they take", () => {
    const asset = (accept: string) => get(pages, "GET /assets/:file", accept, "main-1a.js");
    expect(asset("gzip, deflate, br").headers).toMatchObject({
      "content-encoding": "br",
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
      vary: "accept-encoding",
    });
    expect(asset("").headers).not.toHaveProperty("content-encoding");
    expect(String(asset("gzip").body)).toBe("plain"); // there is no such form of it
    expect(get(pages, "GET /assets/:file", "", "../index.html").status).toBe(404);
  });

  test("P131: roads are one file, compressed once", () => {
    expect(pages.map).toEqual({ tiles: null, roads: "/roads.json" });
    const { headers, body } = get(pages, "GET /roads.json", "gzip");
    expect(headers).toMatchObject({ "content-encoding": "gzip", "content-type": "application/geo+json" });
    expect(JSON.parse(String(gunzipSync(body as Uint8Array)))).toMatchObject({ type: "FeatureCollection" });
  });

  test("S50: a page runs only this server's scripts, and loads from nowhere else but the tiles that were asked for", () => {
    const policy = (opened: typeof pages) => get(opened, "GET /").headers!["content-security-policy"]!;
    expect(policy(pages)).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/);
    const tiles = { url: "https://tiles.example/{z}/{x}/{y}.png?key=1", attribution: "Example" };
    const tiled = policy(openPages({ folder, tiles, roads: null }));
    expect(tiled.match(/https?:[^ ;]*/g)).toEqual(["https://tiles.example", "https://tiles.example"]);
    expect(tiled).toMatch(/img-src[^;]* https:\/\/tiles\.example/);
  });

  test("P132: where they were not built, a page says so instead of failing", () => {
    const none = openPages({ folder: undefined, tiles: null, roads: null });
    expect(get(none, "GET /admin")).toMatchObject({
      status: 503,
      body: expect.stringContaining("npm run build:web") as string,
    });
  });

  test("P133: a map begins in the middle of the market", () => {
    const polygon = [
      { lat: 38, lng: 68 },
      { lat: 38, lng: 70 },
      { lat: 39, lng: 69 },
    ];
    expect(centreOf({ polygon })).toEqual({ lat: 38.5, lng: 69 });
    const middle = centreOf({ cells: ["8943500d083ffff"] })!;
    expect(Math.abs(middle.lat)).toBeLessThan(90);
    expect(centreOf(null)).toBeNull();
  });
});
