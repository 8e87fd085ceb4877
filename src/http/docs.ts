import type { HttpReply, HttpRequest, Route } from "../socket/port.ts";
import { docsPage, docsScript } from "./docs-page.ts";
import { asyncApi } from "../protocol/asyncapi.ts";
import { createRequire } from "node:module";
import { json } from "./replies.ts";
import { openApi } from "../protocol/openapi.ts";
import { readFile } from "node:fs/promises";

/** `/docs`, `/openapi.json` and `/asyncapi.json`. Everything comes from this server: it works offline. */
export const docs = (): Record<string, Route> => ({
  "GET /openapi.json": once(() => json(200, openApi())),
  "GET /asyncapi.json": (request) => json(200, asyncApi(hostOf(request))),
  "GET /docs": () => page,
  "GET /docs/docs.js": () => script,
  "GET /docs/swagger-ui.css": once(() => asset("swagger-ui.css", "text/css; charset=utf-8")),
  "GET /docs/swagger-ui-bundle.js": once(() =>
    asset("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
  ),
});

const require = createRequire(import.meta.url);
/** Part of the assets' URLs, so that they may be kept for good. */
const { version } = require("swagger-ui-dist/package.json") as { version: string };

/** Made by the first request for it; a failure is not kept. */
const once = (make: () => HttpReply | Promise<HttpReply>): Route => {
  let made: HttpReply | undefined;
  return () => {
    if (made) return made;
    const reply = make();
    if (!(reply instanceof Promise)) return (made = reply);
    return reply.then((later) => (made = later));
  };
};

const asset = async (file: string, type: string): Promise<HttpReply> => ({
  status: 200,
  headers: { "content-type": type, "cache-control": "public, max-age=31536000, immutable" },
  body: await readFile(require.resolve(`swagger-ui-dist/${file}`)),
});

const page: HttpReply = {
  status: 200,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
    "content-security-policy":
      "default-src 'none'; connect-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  },
  body: docsPage(version),
};
const script: HttpReply = {
  status: 200,
  headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache" },
  body: docsScript,
};

/** As the reader wrote it; what is no host is not repeated. */
const hostOf = (request: HttpRequest): string => {
  const host = request.header("host");
  return /^[\w.:[\]-]{1,255}$/.test(host) ? host : "127.0.0.1:8000";
};
