import type { Call } from "./http-calls.ts";

// What a browser asks for. The files that pages name are not told here.

const page = (summary: string): Call => ({ ...document(summary, "text/html"), unavailable: "text/plain" });
const document = (summary: string, answer: string): Call => ({
  summary,
  tag: "pages",
  roles: null,
  status: 200,
  answer,
  refusals: [],
  example: {},
});

export const pageCalls: Readonly<Record<string, Call>> = {
  "GET /": page("The start page. Pages that were not built answer 503."),
  "GET /admin": page("The operators' console."),
  "GET /ride": page("A passenger's page."),
  "GET /drive": page("A driver's page."),
  "GET /docs": document("These documents, to be read in a browser.", "text/html"),
  "GET /openapi.json": document("The HTTP calls as OpenAPI 3.1.", "application/json"),
  "GET /asyncapi.json": document("The messages of the sockets as AsyncAPI 3.0.", "application/json"),
};
