/** What the rest of the server knows of a transport. One implementation each; this file has no trip in it. */

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Decoded path parameters by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Lower-case name. Empty text when absent. */
  header(name: string): string;
  /** The raw body, at most the limit; empty for GET. */
  readonly body: Uint8Array;
  /** Where it comes from (S43); empty once the request was answered or its peer left. */
  readonly address: string;
}

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * Answers now or later; a peer that went away meanwhile is the transport's problem, not the route's.
 * A peer that sends its next request before a late answer may be dropped (HTTP pipelining).
 */
export type Route = (request: HttpRequest) => HttpReply | Promise<HttpReply>;

/** What the transport answers by itself, before there is a whole request. */
export type OwnReply = (request: Pick<HttpRequest, "header">) => HttpReply;

/** An open WebSocket. Every verb is safe after it closed: it does nothing. */
export interface Socket<State> {
  /** The session's own data, made at the upgrade. */
  readonly state: State;
  readonly open: boolean;
  /** `sent`, or `slow`: the peer does not read, its buffer is past the limit and this frame was dropped. */
  send(frame: string | Uint8Array): "sent" | "slow";
  /** Bytes waiting to be read by the peer. */
  buffered(): number;
  close(code: number, reason: string): void;
}

/** The upgrade is judged before it happens: a state for the session, or a refusal as HTTP. */
export type Upgrade<State> =
  | { readonly is: "accept"; readonly state: State; readonly subprotocol?: string }
  | { readonly is: "refuse"; readonly reply: HttpReply };

export interface SocketHandlers<State> {
  upgrade(request: HttpRequest): Upgrade<State> | Promise<Upgrade<State>>;
  opened(socket: Socket<State>): void;
  /** The bytes are only valid during the call. */
  message(socket: Socket<State>, frame: Uint8Array, binary: boolean): void;
  closed(socket: Socket<State>, code: number): void;
  /** The peer reads again after `slow`. */
  drained?(socket: Socket<State>): void;
}

export interface ServerSpec<State> {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** `GET /trips/:id` -> route. */
  readonly routes: Readonly<Record<string, Route>>;
  /** When no route fits the path. */
  readonly notFound: Route;
  /** When the path has a route for other methods; the transport adds `Allow`. */
  readonly wrongMethod: OwnReply;
  /** A request that could be read in two ways (two different Content-Length headers). */
  readonly malformed: HttpReply;
  /** Paths with parameters: `/ws/driver/:id`. */
  readonly sockets: Readonly<Record<string, SocketHandlers<State>>>;
  /** Whether `X-Forwarded-For` of the peer at this address is believed. */
  readonly trusts: (address: string) => boolean;
  readonly maxBodyBytes: number;
  readonly maxFrameBytes: number;
  /** A peer with more unread bytes than this is too slow. */
  readonly maxBufferedBytes: number;
  /** Silent for so long (no frame, no pong): closed. At least 8. Pings go out twice in it. */
  readonly idleTimeoutS: number;
  /** A body over the limit. */
  readonly tooLarge: OwnReply;
  /** A route threw: this is a bug; say so in the log, answer 500. */
  readonly failed: (error: unknown) => HttpReply;
}

/** Serves HTTP and WebSocket on one port. Rejects with one clear line when it cannot listen. */
export type Listen = <State>(spec: ServerSpec<State>) => Promise<Server>;

export interface Server {
  readonly port: number;
  /** No new connections; existing sockets stay until closed by their sessions. */
  stopListening(): void;
  close(): void;
}
