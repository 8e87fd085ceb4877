import type { WebSocket } from "uWebSockets.js";
import type { ServerSpec, Socket } from "./port.ts";

type Limits = Pick<ServerSpec<never>, "maxBufferedBytes" | "idleTimeoutS">;

/**
 * An open WebSocket. A class for the same reason as `IncomingRequest`: each frame of each peer goes through
 * one, and they must all have one shape.
 */
export class LiveSocket<State> implements Socket<State> {
  readonly state: State;
  open = true;
  #slow = false;
  readonly #ws: WebSocket<unknown>;
  readonly #maxBufferedBytes: number;
  readonly #pings: NodeJS.Timeout;

  constructor(ws: WebSocket<unknown>, state: State, limits: Limits) {
    this.state = state;
    this.#ws = ws;
    this.#maxBufferedBytes = limits.maxBufferedBytes;
    // P29: two pings fit in the silence a peer is allowed.
    this.#pings = setInterval(() => ws.ping(), limits.idleTimeoutS * 500);
  }

  // Any call on a closed native socket throws, so each verb looks first (P28).

  send(frame: string | Uint8Array): "sent" | "slow" {
    if (!this.open) return "sent";
    this.#slow = this.#ws.getBufferedAmount() > this.#maxBufferedBytes;
    if (this.#slow) return "slow";
    this.#ws.send(frame, typeof frame !== "string");
    return "sent";
  }

  buffered(): number {
    return this.open ? this.#ws.getBufferedAmount() : 0;
  }

  close(code: number, reason: string): void {
    if (this.open) this.#ws.end(code, reason);
  }

  // What only the transport calls.

  /** True once, when a slow peer has read enough to be sent to again. */
  readsAgain(): boolean {
    if (!this.#slow || this.#ws.getBufferedAmount() > this.#maxBufferedBytes / 2) return false;
    this.#slow = false;
    return true;
  }

  ended(): void {
    this.open = false;
    clearInterval(this.#pings);
  }
}
