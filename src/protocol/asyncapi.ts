import type * as z from "zod";
import { type Schema, jsonSchema } from "./json-schema.ts";
import { clientExamples, serverExamples } from "./socket-examples.ts";
import { sockets } from "./socket-messages.ts";

/** AsyncAPI 3.0 of the three sockets, from the schemas that check the traffic. `host`: where the reader found it. */
export const asyncApi = (host: string): Schema => {
  const channels: Record<string, Schema> = {};
  const operations: Record<string, Schema> = {};
  for (const [socket, { path, receives, sends }] of Object.entries(sockets)) {
    const heard = messages(receives, "input", clientExamples[socket]);
    const said = messages(sends, "output", serverExamples[socket]);
    // One channel has both directions; a message that goes both ways has a name for each.
    const inbound = prefixed("to_server", heard);
    const outbound = prefixed("from_server", said);
    channels[socket] = {
      address: path,
      title: `${socket} socket`,
      description: closing,
      ...(path.includes("{") && { parameters: { [/\{(\w+)\}/.exec(path)![1]!]: own } }),
      messages: { ...inbound, ...outbound },
      bindings: { ws: { method: "GET", query: format, bindingVersion: "0.1.0" } },
    };
    operations[`${socket}_says`] = operation("receive", socket, inbound);
    operations[`${socket}_hears`] = operation("send", socket, outbound);
  }
  return {
    asyncapi: "3.0.0",
    info: {
      title: "DG Do Dispatch",
      version: "1.0.0",
      description:
        "Text frames are JSON, binary frames are MessagePack maps of the same shape; each connection is answered in the kind of its " +
        "last frame. A message with `id` is answered by `ack` once durable, or by `error`. Times are Unix milliseconds.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: { here: { host, protocol: "ws", security: [{ $ref: "#/components/securitySchemes/bearer" }] } },
    channels,
    operations,
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "Or, from a browser, the second of two subprotocols: `dg.v1`, `bearer.<token>`.",
        },
      },
    },
  };
};

/** P182 */
const closing =
  "Closed by the server with 1001 going away; 1008 policy; 1009 a frame over 16 KiB; 1013 the log does not answer, come " +
  "back in a moment; 4001 the token has expired; 4003 replaced by a newer connection of the same user, do not reconnect by " +
  "yourself; 4008 too slow to read. No or a bad token is 401 at the upgrade, somebody else's id 403.";

const format = {
  type: "object",
  properties: {
    format: {
      type: "string",
      enum: ["json"],
      description:
        "`?format=json`: JSON from the first frame on; without it MessagePack until the client has spoken.",
    },
  },
};

const own = { description: "The token's own `sub`." };

const messages = (
  schemas: Readonly<Record<string, z.ZodType>>,
  io: "input" | "output",
  examples: Readonly<Record<string, object>> = {},
): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const payload = jsonSchema(schema, io);
      const message = {
        name,
        // An array, the compact ping, exists in MessagePack only.
        ...(payload["type"] === "array" && { contentType: "application/vnd.msgpack" }),
        payload,
        ...(examples[name] && { examples: [{ payload: examples[name] }] }),
      };
      return [name, message];
    }),
  );

const prefixed = (prefix: string, all: Record<string, Schema>): Record<string, Schema> =>
  Object.fromEntries(Object.entries(all).map(([name, message]) => [`${prefix}_${name}`, message]));

const operation = (action: "receive" | "send", socket: string, all: Record<string, Schema>): Schema => ({
  action,
  channel: { $ref: `#/channels/${socket}` },
  messages: Object.keys(all).map((key) => ({ $ref: `#/channels/${socket}/messages/${key}` })),
});
