import { createServer, type IncomingMessage, type Server as HttpServer, STATUS_CODES } from "node:http";
import type { AddressInfo, Socket as Connection } from "node:net";
import type { HttpReply, Server, ServerSpec } from "./port.ts";
import { cannotListen } from "./cannot-listen.ts";
import { serveHttp } from "./node-http.ts";
import { serveSockets } from "./node-socket.ts";

/** A peer that sends its request, or the next one, slower than this is not waited for (P94). */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
};

/** Serves HTTP and WebSocket on one port, without native code. Rejects with one clear line when it cannot listen. */
export const listen = async <State>(spec: ServerSpec<State>): Promise<Server> => {
  const server = createServer(patience, serveHttp(spec));
  const takeUpgrade = serveSockets(spec);
  /** Connections that node:http gave away, and would not close. */
  const taken = new Set<Connection>();
  server.on("upgrade", (request, stream, early) => {
    const connection = stream as Connection;
    if (!takeUpgrade(request, connection, early)) return giveBack(server, request, connection, early);
    taken.add(connection);
    connection.once("close", () => taken.delete(connection));
  });
  server.on("clientError", (error: NodeJS.ErrnoException, connection) => {
    if (!connection.writable) connection.destroy();
    else connection.end(lastWords(refusalOf(error, spec)), () => connection.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", (error) => reject(new Error(cannotListen(spec.host, spec.port, error))));
    server.listen({ host: spec.host, port: spec.port, exclusive: true }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stopListening: () => void server.close(),
    close: () => {
      server.close();
      server.closeAllConnections();
      for (const connection of taken) connection.destroy();
    },
  };
};

/**
 * P93: node:http takes every request that offers an upgrade out of HTTP, also when it is to something
 * else (Java's client offers h2c). It goes back in front of what follows it, without the offer.
 */
const giveBack = (
  server: HttpServer,
  request: IncomingMessage,
  connection: Connection,
  early: Buffer,
): void => {
  const { method, url, httpVersion, rawHeaders } = request;
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]!.toLowerCase() !== "upgrade") head += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  connection.unshift(Buffer.concat([Buffer.from(`${head}\r\n`, "latin1"), early]));
  server.emit("connection", connection);
};

/** What node:http refuses before it is a request. */
const refusalOf = (
  { code }: NodeJS.ErrnoException,
  spec: Pick<ServerSpec<never>, "malformed">,
): HttpReply => {
  if (code === "HPE_UNEXPECTED_CONTENT_LENGTH") return spec.malformed; // P26
  if (code === "HPE_HEADER_OVERFLOW") return { status: 431 };
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return { status: 408 };
  return { status: 400 };
};

/** There is no response object for them. */
const lastWords = ({ status, headers, body = "" }: HttpReply): Buffer => {
  const lines = Object.entries({
    ...headers,
    "content-length": Buffer.byteLength(body),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
};
