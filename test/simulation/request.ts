import type { HttpRequest } from "../../src/socket/port.ts";
import { tokenOf } from "./tokens.ts";

/** What a transport would hand over of a request of theirs. */
export const requestOf = (
  name: string,
  method: string,
  path: string,
  params: Record<string, string>,
  headers: Record<string, string> = {},
  body: object | null = null,
): HttpRequest => ({
  method,
  path,
  params,
  query: new URLSearchParams(),
  header: (header) => headers[header] ?? (header === "authorization" ? `Bearer ${tokenOf(name)}` : ""),
  body: new TextEncoder().encode(body === null ? "" : JSON.stringify(body)),
  address: "127.0.0.1",
});
