import type { HttpReply, HttpRequest, Route } from "../socket/port.ts";
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { notFound } from "./replies.ts";
import type { WebConfig } from "../protocol/web-config.ts";

const ROADS = "/roads.json";

interface Pages {
  /** What pages must know to draw maps. */
  readonly map: WebConfig["map"];
  readonly routes: Readonly<Record<string, Route>>;
}
interface Options {
  /** As built; undefined: they are not, and the pages say so. */
  readonly folder: string | undefined;
  readonly tiles: WebConfig["map"]["tiles"];
  /** A GeoJSON file of road lines, as it is. */
  readonly roads: Uint8Array | null;
}

/** The web pages and their files, read once: `/`, `/admin`, `/ride`, `/drive`, `/assets/*` and the roads. */
export const openPages = ({ folder, tiles, roads: given }: Options): Pages => {
  const map = { tiles, roads: given === null ? null : ROADS };
  const files = folder === undefined ? new Map<string, File>() : filesOf(folder);
  const page = (name: string): Route => {
    const file = files.get(`${name}.html`);
    if (file === undefined) return () => notBuilt;
    const headers = { ...pageHeaders, "content-security-policy": policyOf(tiles) };
    return (request) => replyOf(request, file, headers);
  };
  const roads = given && packed(given);
  return {
    map,
    routes: {
      "GET /": page("index"),
      "GET /admin": page("admin"),
      "GET /ride": page("ride"),
      "GET /drive": page("drive"),
      "GET /assets/:file": (request) => {
        const file = files.get(`assets/${request.params["file"]}`);
        return file ? replyOf(request, file, assetHeaders(request.params["file"]!)) : notFound("file");
      },
      ...(roads && { [`GET ${ROADS}`]: (request) => replyOf(request, roads, roadHeaders) }),
    },
  };
};

/** A file as it is, and as it was compressed when built. */
interface File {
  readonly plain: Uint8Array;
  readonly br?: Uint8Array;
  readonly gzip?: Uint8Array;
}

const packed = (plain: Uint8Array): File => ({ plain, gzip: gzipSync(plain) });

const filesOf = (folder: string): ReadonlyMap<string, File> => {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const known = new Set(names);
  const read = (name: string) => (known.has(name) ? readFileSync(join(folder, name)) : undefined);
  return new Map(
    names
      .filter((name) => !/\.(?:br|gz)$/.test(name))
      .map((name) => {
        const [br, gzip] = [read(`${name}.br`), read(`${name}.gz`)];
        return [name, { plain: read(name)!, ...(br && { br }), ...(gzip && { gzip }) }];
      }),
  );
};

const replyOf = (request: HttpRequest, file: File, headers: Readonly<Record<string, string>>): HttpReply => {
  const accepted = request.header("accept-encoding");
  const encoding = (["br", "gzip"] as const).find(
    (name) => file[name] !== undefined && new RegExp(`\\b${name}\\b`).test(accepted),
  );
  if (encoding === undefined) return { status: 200, headers, body: file.plain };
  return { status: 200, headers: { ...headers, "content-encoding": encoding }, body: file[encoding]! };
};

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
};
const safe = { vary: "accept-encoding", "x-content-type-options": "nosniff" };
/** Their names say their content, so they may be kept for good. */
const assetHeaders = (file: string) => ({
  ...safe,
  "content-type": types[file.split(".").at(-1)!] ?? "application/octet-stream",
  "cache-control": "public, max-age=31536000, immutable",
});
const roadHeaders = { ...safe, "content-type": "application/geo+json", "cache-control": "max-age=3600" };
const pageHeaders = {
  ...safe,
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-cache",
  "referrer-policy": "no-referrer",
};

/** S50: a page loads from this server and nowhere else, but for the tiles that were asked for. */
const policyOf = (tiles: WebConfig["map"]["tiles"]): string => {
  const from = tiles === null ? "" : ` ${new URL(tiles.url.replaceAll(/[{}]/g, "")).origin}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'", // antd writes its styles into the page
    "font-src 'self'",
    `img-src 'self' data: blob:${from}`,
    `connect-src 'self'${from}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
};

const notBuilt: HttpReply = {
  status: 503,
  headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  body: "The web pages are not built here: npm run build:web\n",
};
