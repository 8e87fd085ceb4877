import type { HttpRequest as Native, HttpResponse, TemplatedApp, WebSocket } from "uWebSockets.js";
import type { us_socket_context_t as Context } from "uWebSockets.js";
import type { ServerSpec, SocketHandlers, Upgrade } from "./port.ts";
import { LiveSocket } from "./uws-live.ts";
import { addressOf, paramNames, readHead, write } from "./uws-request.ts";
import { EMPTY, IncomingRequest, settle } from "./request.ts";

/** What a native socket carries for us. */
interface Held<State> {
  readonly state: State;
  /** From `open` on. */
  socket: LiveSocket<State> | undefined;
}

type Spec<State> = Pick<
  ServerSpec<State>,
  "sockets" | "trusts" | "maxFrameBytes" | "maxBufferedBytes" | "idleTimeoutS" | "failed"
>;

/** Puts every WebSocket path on the app. */
export const serveSockets = <State>(app: TemplatedApp, spec: Spec<State>): void => {
  for (const [pattern, handlers] of Object.entries(spec.sockets))
    app.ws<Held<State>>(pattern, {
      // P22: the library cuts a too big frame off without a close code, so we look first.
      maxPayloadLength: spec.maxFrameBytes * 64,
      // P27: the limit is `LiveSocket`'s; the library would drop the close frame too, and its code.
      maxBackpressure: 0,
      closeOnBackpressureLimit: 0,
      idleTimeout: spec.idleTimeoutS,
      sendPingsAutomatically: false, // `LiveSocket` does, in time; sent frames do not count as life
      upgrade: upgradeOf(handlers, paramNames(pattern), spec),
      open: (ws) => {
        const held = ws.getUserData();
        held.socket = new LiveSocket(ws, held.state, spec);
        handlers.opened(held.socket);
      },
      message: (ws, message, binary) => {
        const socket = socketOf(ws);
        if (message.byteLength > spec.maxFrameBytes) socket.close(1009, "frame too big");
        else handlers.message(socket, new Uint8Array(message), binary);
      },
      drain: (ws) => {
        const socket = socketOf(ws);
        if (socket.readsAgain()) handlers.drained?.(socket);
      },
      close: (ws, code) => {
        const socket = socketOf(ws);
        socket.ended();
        handlers.closed(socket, code);
      },
    });
};

const socketOf = <State>(ws: WebSocket<Held<State>>): LiveSocket<State> => ws.getUserData().socket!;

/** P23: judged now or later; a peer that left meanwhile is never upgraded. */
const upgradeOf =
  <State>(
    handlers: SocketHandlers<State>,
    names: readonly string[],
    { trusts, failed }: Pick<Spec<State>, "trusts" | "failed">,
  ) =>
  (res: HttpResponse, native: Native, context: Context): void => {
    const key = native.getHeader("sec-websocket-key");
    const extensions = native.getHeader("sec-websocket-extensions");
    const address = addressOf(res);
    const request = new IncomingRequest(readHead(native, names), EMPTY, () => address, trusts);
    let gone = false;
    let answered = false;
    const done = (verdict: Upgrade<State>): void => {
      if (gone) return;
      answered = true;
      if (verdict.is === "refuse") return write(res, verdict.reply);
      const held: Held<State> = { state: verdict.state, socket: undefined };
      const subprotocol = verdict.subprotocol ?? "";
      // P96: never corked. A late cork touches the request after it has become a socket, and the library then drops
      // some of these sockets without a close frame. In its own turn an upgrade is corked by the library itself.
      res.upgrade(held, key, subprotocol, extensions, context);
    };
    settle(
      () => handlers.upgrade(request),
      done,
      (error) => done({ is: "refuse", reply: failed(error) }),
    );
    if (!answered)
      res.onAborted(() => {
        gone = true;
      });
  };
