import type { HttpPorts } from "./ports.ts";
import type { Route } from "../socket/port.ts";
import { json, notReady as refuse } from "./replies.ts";

/** `GET /health`: the process lives. */
export const health = (): Route => {
  const alive = json(200, { status: "ok" });
  return () => alive;
};

/** `GET /ready`: 200 while it can serve, through which transport (P90), else 503 with the reasons (P58). */
export const ready =
  ({ notReady, transport }: HttpPorts): Route =>
  async () => {
    const reasons = await notReady();
    return reasons.length === 0 ? json(200, { status: "ready", transport }) : refuse(reasons);
  };

/** `GET /config.json` */
export const configOf = ({ webConfig }: HttpPorts): Route => {
  const told = json(200, webConfig);
  return () => told;
};

/** `GET /metrics` */
export const scrape =
  ({ counts }: Pick<HttpPorts, "counts">): Route =>
  async () => {
    const { contentType, text } = await counts.scrape();
    return { status: 200, headers: { "content-type": contentType, "cache-control": "no-store" }, body: text };
  };
