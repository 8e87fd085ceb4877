import type { Socket, SocketHandlers } from "../socket/port.ts";
import { type Refusal, refusal } from "../domain/errors.ts";
import { authenticate, subprotocolOf } from "./bearer.ts";
import type { Connection, Opening } from "./connection.ts";
import type { Parsed } from "../protocol/parse.ts";
import type { Ping } from "../protocol/ping.ts";
import type { SessionPorts } from "./ports.ts";
import { closeCode } from "./peer.ts";
import { decodeFrame } from "../protocol/frame.ts";
import { errorReply } from "../protocol/error-body.ts";
import { isLoopback } from "./limits.ts";
import { replyTo } from "./reply.ts";

/** What is special about one role's sockets. */
export interface Speaker<C extends Connection, M> {
  /** Makes the connection, or says why not. `pathId` is the id in the path, empty without one (S5). */
  admit(opening: Opening, pathId: string): C | Refusal | Promise<C | Refusal>;
  /** Must lead to a welcome. */
  opened(connection: C): void;
  parse(value: unknown): Parsed<M>;
  heard(connection: C, message: M, id: string | null): void;
  /** The compact position; its object is only valid during the call. */
  ping?(connection: C, ping: Ping): void;
  /** `replaced`: a newer connection of this user is open. */
  closed(connection: C, replaced: boolean): void;
}

/** P37: messages that may wait for the welcome. */
const WAITING_MESSAGES = 64;
/** P41: so many frames that are no messages, in so long, close the socket. */
const MALFORMED_FRAMES = 10;
const MALFORMED_WITHIN_MS = 60_000;
/** Timers hold 31 bits of milliseconds; a token may live longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The handlers of one role's sockets: who may open one, in what kind it is answered, when it ends. */
export const createHandlers = <C extends Connection, M>(
  ports: SessionPorts,
  speaker: Speaker<C, M>,
): SocketHandlers<Connection> => {
  const { clock, registry, refusals } = ports;
  /** The state of these sockets was made by this speaker's `admit`. */
  const mine = (socket: Socket<Connection>): C => socket.state as C;

  const expire = (connection: Connection): void => {
    const leftMs = connection.identity.exp * 1_000 - clock.wall();
    if (leftMs <= 0) return connection.line.close(closeCode.tokenExpired, "the token has expired");
    const wait = Math.min(leftMs, LONGEST_TIMER_MS);
    connection.stopExpiry = clock.after(wait, () => expire(connection));
  };

  const malformed = (connection: Connection, why: Refusal): void => {
    const { malformedAt, line } = connection;
    const now = clock.monotonic();
    if (malformedAt.push(now) > MALFORMED_FRAMES - 1) {
      if (now - malformedAt.shift()! <= MALFORMED_WITHIN_MS)
        return line.close(closeCode.policy, "too many malformed frames");
    }
    replyTo(line, null, refusals)({ is: "refused", refusal: why });
  };

  const heard = (connection: C, value: unknown, tooMany: boolean): void => {
    const parsed = speaker.parse(value);
    const reply = replyTo(connection.line, parsed.id, refusals);
    if (tooMany) reply({ is: "refused", refusal: refusal("rate_limited", "too many messages") });
    else if (parsed.is === "ok") speaker.heard(connection, parsed.message, parsed.id);
    else if (parsed.refusal.code === "malformed") malformed(connection, parsed.refusal);
    else reply(parsed);
  };

  return {
    upgrade(request) {
      const local = isLoopback(request.address);
      const waitS = local ? 0 : ports.addressLimit.take(request.address);
      if (waitS > 0) return refuse(refusal("rate_limited", "too many connections"));
      if (registry.full()) return refuse(refusal("busy", "too many connections are open"));
      const subprotocol = subprotocolOf(request);
      const kind = request.query.get("format") === "json" ? "json" : "msgpack";
      const pathId = request.params["id"] ?? "";
      // P82: in the same turn of the event loop, unless a key of others or the database must be asked.
      return next(authenticate(ports.tokens, request), (verified) =>
        verified.is === "refused"
          ? refuse(verified.refusal)
          : next(
              speaker.admit({ identity: verified.identity, session: ports.newId(), kind, local }, pathId),
              (admitted) =>
                "code" in admitted
                  ? refuse(admitted)
                  : { is: "accept", state: admitted, ...(subprotocol && { subprotocol }) },
            ),
      );
    },
    opened(socket) {
      const connection = mine(socket);
      connection.line.attach(socket);
      registry.add(connection);
      expire(connection);
      speaker.opened(connection);
    },
    message(socket, frame, binary) {
      const connection = mine(socket);
      connection.line.speak(binary ? "msgpack" : "json");
      const read = decodeFrame(frame, binary);
      const tooMany = !connection.local && ports.userLimit.take(connection.identity.sub) > 0;
      if (read.is === "ping" && speaker.ping) {
        // P40: a position over the limit is dropped; the next one says it better.
        if (!tooMany) speaker.ping(connection, read);
        return;
      }
      const turn = () =>
        read.is === "value"
          ? heard(connection, read.value, tooMany)
          : malformed(
              connection,
              refusal("malformed", read.is === "malformed" ? read.message : "no message"),
            );
      if (connection.waiting === null) turn();
      else if (connection.waiting.push(turn) > WAITING_MESSAGES)
        connection.line.close(closeCode.policy, "too many messages at once");
    },
    closed(socket) {
      const connection = mine(socket);
      connection.stopExpiry();
      speaker.closed(connection, !registry.remove(connection));
    },
  };
};

/** Goes on at once with what is known, and later with what is promised. */
const next = <T, U>(known: T | Promise<T>, use: (value: T) => U | Promise<U>): U | Promise<U> =>
  known instanceof Promise ? known.then(use) : use(known);

const refuse = (why: Refusal) => ({ is: "refuse" as const, reply: errorReply(why) });
