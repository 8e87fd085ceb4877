import type { ErrorCode } from "../domain/errors.ts";
import { type Clock, realClock } from "../domain/time.ts";
import { encodeFrame } from "../protocol/frame.ts";
import type { Ack, ErrorMessage, ServerMessage } from "../protocol/server-messages.ts";
import { backoffMs } from "./backoff.ts";
import { decodeMessage } from "./decode.ts";

/** The part of a WebSocket that is used: a browser's own has it, and so has the package `ws` in Node. */
export interface WebSocketLike {
  binaryType: string;
  addEventListener(type: SocketEventType, listener: (event: SocketEvent) => void): void;
  send(frame: Frame): void;
  close(code?: number, reason?: string): void;
}
type Frame = string | Uint8Array<ArrayBuffer>;
type SocketEventType = "message" | "error" | "close";
interface SocketEvent {
  readonly data?: unknown;
  readonly code?: number;
  readonly message?: string;
}

export interface ConnectionOptions {
  readonly WebSocket: new (url: string, protocols: string[]) => WebSocketLike;
  /** `ws://host:8000/ws/driver/ID` */
  readonly url: string;
  /** Asked at each connecting, so that a refreshed token is used. */
  readonly token: () => string;
  /** A connection is there: what the unanswered commands rest on goes first. */
  readonly before?: () => void;
  /** The first message of each connection, after the unanswered commands were sent again. */
  readonly welcomed: (welcome: Welcome) => void;
  /** Every other message that is not the answer to a command. */
  readonly received: (message: ServerMessage) => void;
  /** The link broke; it is being connected again. */
  readonly lost?: (() => void) | undefined;
  /** Closed for good, with the WebSocket close code, or 401 or 403 of the upgrade. */
  readonly ended?: ((code: number) => void) | undefined;
  /** Time and chance, [0, 1); real ones unless a simulation hands in its own. */
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** Any message of a client; the verbs of the typed clients know their fields. */
export interface Outgoing {
  readonly type: string;
}

export type ServerRefusal = ErrorMessage["error"];
export type Welcome = Extract<ServerMessage, { readonly type: "welcome" }>;

/** What became of a command. */
export type Reply =
  /** Durable. */
  | {
      readonly is: "ack";
      readonly id: string;
      readonly orderId: string | null;
      readonly seq: number | null;
      /** It was sent more than once: what it started may have been told to a connection that is gone. */
      readonly resent: boolean;
    }
  | { readonly is: "refused"; readonly id: string; readonly error: ServerRefusal }
  /** The connection ended for good before an answer: unknown whether it was done. */
  | { readonly is: "closed"; readonly id: string; readonly code: number };

export interface Connection {
  /**
   * One after another, across reconnects, with the same `id` until it is answered (B5): a later one that went
   * ahead could be done before one that must be asked again. Never rejects.
   */
  send(message: Outgoing, id?: string): Promise<Reply>;
  /** Now or not at all: for positions, which age faster than a reconnect. False: not sent. */
  post(message: Outgoing | readonly unknown[]): boolean;
  /** Lets go of the network, as a phone does in a tunnel; commands wait for `resume`. */
  suspend(): void;
  resume(): void;
  /** Ends it for good. */
  close(): void;
}

/** More unanswered commands than this are refused with `busy`. */
export const OUTBOX_LIMIT = 100;
const FRAME_LIMIT_BYTES = 16 * 1024;
/** Silence for so long while an answer is owed: the link is dead, whatever the network says. */
const SILENT_MS = 15_000;
/** B121: silence for so long while none is: the link is asked whether it is there. */
const QUIET_MS = 20_000;
const heartbeat = encodeFrame({ type: "heartbeat", id: "heartbeat" }, "msgpack") as Frame;
/** How often `busy` and `unavailable` are asked again before the application hears of them. */
const TRIES = 6;

/** Close codes and upgrade refusals after which trying again cannot help (B4). */
const final: ReadonlySet<number> = new Set([4001, 4003, 401, 403]);

/** Opens a WebSocket of the contract and keeps it open until `close`. */
export const openConnection = (options: ConnectionOptions): Connection => {
  const { clock = realClock, random = Math.random } = options;
  const unanswered = new Map<string, Unanswered>();
  const nextId = ids(random);
  let link: Link = { is: "suspended" };
  let failures = 0;
  /** When something was last heard, or asked. */
  let silentSince = 0;
  /** By a heartbeat, and nothing was heard since. */
  let asked = false;
  let stopWatching: (() => void) | undefined;

  const connect = () => {
    const socket = new options.WebSocket(options.url, ["dg.v1", `bearer.${options.token()}`]);
    socket.binaryType = "arraybuffer";
    const current = () => "socket" in link && link.socket === socket;
    socket.addEventListener("message", ({ data }) => {
      if (current()) read(data);
    });
    socket.addEventListener("close", ({ code = 1006 }) => {
      if (current()) broken(code);
    });
    // Only Node tells why an upgrade was refused; a browser sees 1006 and tries again, slower and slower.
    socket.addEventListener("error", ({ message = "" }) => {
      const status = Number(/response: (\d+)$/.exec(message)?.[1]);
      if (current() && final.has(status)) end(status);
    });
    link = { is: "connecting", socket };
    expectAnswer();
  };

  const broken = (code: number) => {
    if (final.has(code)) return end(code);
    detach();
    const delayMs = backoffMs(failures++, random);
    link = { is: "waiting", cancel: clock.after(delayMs, connect) };
    options.lost?.();
  };

  /** What the old socket still says is nobody's business. */
  const detach = () => {
    const old = link;
    link = { is: "suspended" };
    if (old.is === "waiting") old.cancel();
    if ("socket" in old) old.socket.close(1000);
  };

  const end = (code: number) => {
    if (link.is === "ended") return;
    detach();
    link = { is: "ended", code };
    stopWatching?.();
    for (const [id, { resolve }] of unanswered) resolve({ is: "closed", id, code });
    unanswered.clear();
    options.ended?.(code);
  };

  const expectAnswer = () => {
    silentSince = clock.monotonic();
    watch(SILENT_MS);
  };
  /** Looks at the silence then; what comes meanwhile moves no timer. */
  const watch = (forMs: number) => {
    stopWatching?.();
    stopWatching = clock.after(forMs, () => {
      if (!("socket" in link)) return;
      const owed = link.is === "connecting" || unanswered.size > 0 || asked;
      const leftMs = silentSince + (owed ? SILENT_MS : QUIET_MS) - clock.monotonic();
      if (leftMs > 0) watch(leftMs);
      else if (owed) broken(1006);
      else {
        asked = true;
        link.socket.send(heartbeat);
        expectAnswer();
      }
    });
  };

  const read = (data: unknown) => {
    silentSince = clock.monotonic();
    asked = false;
    const message = decodeMessage(data);
    if (message === undefined) return;
    if (message.type === "welcome") welcome(message);
    else if (message.type === "ack") acknowledge(message);
    else if (message.type === "error" && message.id !== undefined) refuse(message.id, message.error);
    else options.received(message);
  };

  const welcome = (message: Welcome) => {
    if (link.is !== "connecting") return;
    link = { is: "ready", socket: link.socket };
    failures = 0;
    options.before?.();
    askNext();
    options.welcomed(message);
  };

  /** The oldest that waits for its answer. */
  const askNext = () => {
    const [command] = unanswered.values();
    if (link.is !== "ready" || command === undefined) return;
    command.sent += 1;
    link.socket.send(command.frame);
    expectAnswer();
  };
  const answered = ({ id, resolve }: Unanswered, reply: Reply) => {
    unanswered.delete(id);
    askNext();
    resolve(reply);
  };

  const acknowledge = ({ id, order_id, seq }: Ack) => {
    const command = unanswered.get(id);
    if (command === undefined) return;
    const resent = command.sent > 1;
    answered(command, { is: "ack", id, orderId: order_id ?? null, seq: seq ?? null, resent });
  };

  const refuse = (id: string, error: ServerRefusal) => {
    const command = unanswered.get(id);
    if (command === undefined) return;
    // `busy` is certainly not done and `unavailable` is unknown: both are asked again with the same id.
    if (again.has(error.code) && ++command.refused < TRIES) {
      clock.after(backoffMs(command.refused, random), () => {
        if (unanswered.has(id)) askNext();
      });
      return;
    }
    answered(command, { is: "refused", id, error });
  };

  connect();
  return {
    send: (message, id = nextId()) =>
      new Promise((resolve) => {
        const no = (code: ErrorCode, why: string) =>
          resolve({ is: "refused", id, error: { code, message: why } });
        if (link.is === "ended") return resolve({ is: "closed", id, code: link.code });
        if (unanswered.size >= OUTBOX_LIMIT) return no("busy", "Too many unanswered commands.");
        const frame = encodeFrame({ ...message, id }, "msgpack") as Frame;
        if (frame.length > FRAME_LIMIT_BYTES) return no("too_large", "Over 16 KiB.");
        unanswered.set(id, { id, frame, resolve, sent: 0, refused: 0 });
        if (unanswered.size === 1) askNext();
      }),
    post: (message) => {
      if (link.is !== "ready") return false;
      link.socket.send(encodeFrame(message, "msgpack") as Frame);
      return true;
    },
    suspend: () => {
      if (link.is !== "ended") detach();
    },
    resume: () => {
      if (link.is === "suspended") connect();
    },
    close: () => end(1000),
  };
};

type Link =
  | { readonly is: "connecting" | "ready"; readonly socket: WebSocketLike }
  | { readonly is: "waiting"; readonly cancel: () => void }
  | { readonly is: "suspended" }
  | { readonly is: "ended"; readonly code: number };

interface Unanswered {
  readonly id: string;
  readonly frame: Frame;
  readonly resolve: (reply: Reply) => void;
  sent: number;
  refused: number;
}

const again: ReadonlySet<ErrorCode> = new Set(["busy", "unavailable"]);

/** Keys are remembered for a day and all of a user's connections share them: a random part, and a count. */
const ids = (random: () => number): (() => string) => {
  const prefix = Array.from({ length: 3 }, () => Math.floor(random() * 2 ** 32).toString(36)).join("");
  let count = 0;
  return () => `${prefix}-${++count}`;
};
