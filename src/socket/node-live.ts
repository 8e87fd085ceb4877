import type { ServerSpec, Socket } from "./port.ts";
import type { WebSocket } from "ws";

type Limits = Pick<ServerSpec<never>, "maxBufferedBytes" | "idleTimeoutS">;

/** What is heard of a connection that ended without a close frame. */
const CUT_OFF = 1006;

/** An open WebSocket on `ws`. The twin of `LiveSocket`. */
export class NodeSocket<State> implements Socket<State> {
  readonly state: State;
  open = true;
  #slow = false;
  readonly #ws: WebSocket;
  readonly #maxBufferedBytes: number;
  readonly #closed: (socket: NodeSocket<State>, code: number) => void;
  readonly #pings: NodeJS.Timeout;
  readonly #silence: NodeJS.Timeout;

  constructor(
    ws: WebSocket,
    state: State,
    limits: Limits,
    closed: (socket: NodeSocket<State>, code: number) => void,
  ) {
    this.state = state;
    this.#ws = ws;
    this.#maxBufferedBytes = limits.maxBufferedBytes;
    this.#closed = closed;
    // P29: two pings fit in the silence a peer is allowed.
    this.#pings = setInterval(() => ws.ping(), limits.idleTimeoutS * 500);
    this.#silence = setTimeout(() => {
      ws.terminate();
      this.ended(CUT_OFF);
    }, limits.idleTimeoutS * 1_000);
  }

  send(frame: string | Uint8Array): "sent" | "slow" {
    if (!this.open) return "sent";
    this.#slow = this.#ws.bufferedAmount > this.#maxBufferedBytes;
    if (this.#slow) return "slow";
    this.#ws.send(frame, { binary: typeof frame !== "string" });
    return "sent";
  }

  buffered(): number {
    return this.open ? this.#ws.bufferedAmount : 0;
  }

  close(code: number, reason: string): void {
    if (!this.open) return;
    this.#ws.close(code, reason);
    this.ended(code);
  }

  // What only the transport calls.

  /** The peer lives. */
  heard(): void {
    this.#silence.refresh();
  }

  /** True once, when a slow peer has read enough to be sent to again. */
  readsAgain(): boolean {
    if (!this.#slow || this.#ws.bufferedAmount > this.#maxBufferedBytes / 2) return false;
    this.#slow = false;
    return true;
  }

  /** Whoever closes, and however often it is heard of: the session is told once, at the first. */
  ended(code: number): void {
    if (!this.open) return;
    this.open = false;
    clearInterval(this.#pings);
    clearTimeout(this.#silence);
    this.#closed(this, code);
  }
}
