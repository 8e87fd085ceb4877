import { type IncomingMessage, ServerResponse } from "node:http";
import type { HttpReply, ServerSpec, SocketHandlers, Upgrade } from "./port.ts";
import { EMPTY, IncomingRequest, settle } from "./request.ts";
import { readHead, targetOf, write } from "./node-request.ts";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { addressOf } from "./node-http.ts";
import { NodeSocket } from "./node-live.ts";
import { pathTable } from "./path-table.ts";
import type { Socket as Connection } from "node:net";

type Spec<State> = Pick<
  ServerSpec<State>,
  "sockets" | "trusts" | "maxFrameBytes" | "maxBufferedBytes" | "idleTimeoutS" | "failed"
>;

/** Takes a request to upgrade. False: it is none for a WebSocket of ours, and nothing was done. */
export type TakeUpgrade = (request: IncomingMessage, connection: Connection, early: Buffer) => boolean;

export const serveSockets = <State>(spec: Spec<State>): TakeUpgrade => {
  const find = pathTable(Object.entries(spec.sockets));
  const subprotocols = new WeakMap<IncomingMessage, string>();
  const upgrader = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: spec.maxFrameBytes, // P22
    handleProtocols: (_, request) => subprotocols.get(request) ?? false,
  });

  /** P23: judged now or later; a peer that left meanwhile is never upgraded. */
  return (request, connection, early) => {
    const found = find(targetOf(request).path);
    const { upgrade, "sec-websocket-key": key } = request.headers;
    const offered = request.method === "GET" && upgrade?.toLowerCase() === "websocket" && key !== undefined;
    if (!found || !offered) return false;
    const handlers = found.entry;
    connection.on("error", () => {}); // it closes by itself
    const done = (verdict: Upgrade<State>): void => {
      if (!connection.readable || !connection.writable) return void connection.destroy();
      if (verdict.is === "refuse") return refuse(request, connection, verdict.reply);
      if (verdict.subprotocol !== undefined) subprotocols.set(request, verdict.subprotocol);
      upgrader.handleUpgrade(request, connection, early, (ws) =>
        run(ws, connection, verdict.state, handlers, spec),
      );
    };
    const address = () => addressOf(request);
    const incoming = new IncomingRequest(readHead(request, found.params), EMPTY, address, spec.trusts);
    settle(
      () => handlers.upgrade(incoming),
      done,
      (error) => done({ is: "refuse", reply: spec.failed(error) }),
    );
    return true;
  };
};

const refuse = (request: IncomingMessage, connection: Connection, reply: HttpReply): void => {
  const response = new ServerResponse(request);
  response.assignSocket(connection);
  response.once("finish", () => connection.destroySoon());
  write(response, reply, { closing: true });
};

const run = <State>(
  ws: WebSocket,
  connection: Connection,
  state: State,
  handlers: SocketHandlers<State>,
  spec: Spec<State>,
): void => {
  const socket = new NodeSocket(ws, state, spec, handlers.closed);
  ws.on("message", (data: RawData, binary) => {
    socket.heard();
    const { buffer, byteOffset, byteLength } = data as Buffer; // `binaryType` is "nodebuffer"
    if (socket.open) handlers.message(socket, new Uint8Array(buffer, byteOffset, byteLength), binary);
  });
  ws.on("ping", () => socket.heard());
  ws.on("pong", () => socket.heard());
  ws.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") socket.ended(1009); // the library tells the peer
  });
  ws.on("close", (code) => socket.ended(code));
  connection.on("drain", () => {
    if (socket.readsAgain()) handlers.drained?.(socket);
  });
  handlers.opened(socket);
};
