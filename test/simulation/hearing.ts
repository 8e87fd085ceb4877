import type { Ack, DriverLocation, OrderUpdate, ServerMessage } from "../../src/protocol/server-messages.ts";
import type { Digest } from "./digest.ts";
import type { EventRow } from "../../src/domain/row.ts";
import type { HttpReply } from "../../src/socket/port.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import type { TripContext } from "../../machines/context.ts";
import type { Written } from "./written.ts";
import { holdReplies } from "./replies.ts";
import { decodeMessage } from "../../src/client/decode.ts";
import { roleOf } from "./tokens.ts";
import { unpack } from "msgpackr";

/**
 * Listens to every word between the server and its people. Whatever the server says must be in the log by then
 * (I8, E1), be as the log has it, and be for whoever hears it (S6).
 */
export interface Hearing {
  says(from: string, frame: string | Uint8Array): void;
  said(to: string, session: object, frame: string | Uint8Array): void;
  /** The answer of HTTP to a command with this key, about this trip if it named one. */
  replied(to: string, key: string, reply: HttpReply, about: string | undefined): void;
  readonly counts: { acknowledged: number; refused: number; said: number };
}

/** Commands that are a row of their own whenever they are acknowledged. */
const written: ReadonlySet<string> = new Set(
  `request_trip cancel_trip accept_order driver_departed driver_arrived start_trip complete_trip cancel_order
   assign_driver`.split(/\s+/),
);
/** Not done, for certain; the others mean unknown, or are about another use of the key. */
const certain: ReadonlySet<string> = new Set(
  `illegal_now offer_expired offer_withdrawn wrong_order driver_unavailable trip_live outside_area quote_expired
   forbidden not_found invalid`.split(/\s+/),
);

export const openHearing = (
  log: Written,
  digest: Digest,
  find: (law: string, what: string) => void,
  say: ((line: string) => void) | undefined,
): Hearing => {
  /** By who and id: what they sent. */
  const sent = new Map<string, { readonly type: string; readonly order_id?: string }>();
  /** Per session: the newest row told by the console's log, by market. */
  const told = new WeakMap<object, Map<string, number>>();
  const counts = { acknowledged: 0, refused: 0, said: 0 };

  const acknowledged = (to: string, { id, order_id, seq }: Ack): void => {
    counts.acknowledged += 1;
    const type = sent.get(`${to} ${id}`)?.type;
    if (order_id !== undefined && seq !== undefined && log.rowsOf("trip", order_id).length < seq)
      find("I8", `${to} was told that ${order_id} is at seq ${seq}, which is not in the log`);
    if (type !== undefined && written.has(type) && log.byKey(keyOf(to, id)) === undefined)
      find("I8", `${to}'s ${type} was acknowledged and is not in the log`);
  };
  const refused = (to: string, key: string, { code, status }: Refusal, about: string | undefined): void => {
    counts.refused += 1;
    if (certain.has(code) && log.byKey(key) !== undefined)
      find("I8", `${to} was told ${code}, but the command is in the log`);
    if (code === "key_reused") find("I4", `${to} was told that ${key} was used for something else`);
    if (about === undefined || status === undefined) return;
    if (!log.rowsOf("trip", about).some((row) => log.statusOf(row) === status))
      find("E4", `${to} was refused because ${about} is ${status}, which is not in the log`);
  };
  const mayHear = (to: string, orderId: string): boolean =>
    roleOf(to) === "passenger" ? log.passengerOf(orderId) === to : log.driversOf(orderId).has(to);
  const knows = (to: string, type: string, orderId: string, seq: number): boolean => {
    if (log.rowsOf("trip", orderId).length < seq)
      find("E1", `${to} heard ${type} of ${orderId} at seq ${seq}, which is not in the log`);
    else if (!mayHear(to, orderId)) find("S6", `${to} heard ${type} of ${orderId}, which is not theirs`);
    else return true;
    return false;
  };
  const updated = (to: string, { order_id, seq, status, state }: OrderUpdate): void => {
    if (!knows(to, "order_update", order_id, seq)) return;
    const row = log.rowsOf("trip", order_id)[seq - 1]!;
    if (row.toState !== state || log.statusOf(row) !== status)
      find("I11", `${to} heard that ${order_id} at seq ${seq} is ${state}; in the log it is ${row.toState}`);
  };
  const offered = (to: string, orderId: string, offerId: string): void => {
    const offer = log
      .rowsOf("trip", orderId)
      .find(({ type, position }) => type === "offer" && String(position) === offerId);
    if (offer?.body["driverId"] !== to)
      find("E1", `${to} heard offer ${offerId} of ${orderId}, which the log does not have`);
  };
  const located = (to: string, { order_id, driver_id }: DriverLocation): void => {
    if (!mayHear(to, order_id))
      find("S6", `${to} heard where the driver of ${order_id} is, which is not theirs`);
    else if (!log.rowsOf("trip", order_id).some((row) => hasDriver(row, driver_id)))
      find("S7", `${to} heard where ${driver_id} is, who never had ${order_id}`);
  };
  const rowTold = (to: string, session: object, market: string, position: number, type: string): void => {
    const positions = told.get(session) ?? new Map<string, number>();
    told.set(session, positions);
    const before = positions.get(market);
    positions.set(market, position);
    const row = log.at(market, position);
    if (row?.type !== type)
      find("E1", `${to}'s console was told row ${position} of ${market}, which the log does not have`);
    if (before !== undefined && position !== before + 1)
      find("P112", `${to}'s console was told row ${position} of ${market} after row ${before}`);
  };

  const holdReply = holdReplies({ log, find, refused, counts });

  const check = (to: string, session: object, message: ServerMessage): void => {
    switch (message.type) {
      case "ack":
        return acknowledged(to, message);
      case "error":
        return refused(
          to,
          keyOf(to, message.id ?? ""),
          message.error as Refusal,
          sent.get(`${to} ${message.id}`)?.order_id,
        );
      case "order_update":
        return updated(to, message);
      case "new_order":
        if (knows(to, "new_order", message.order_id, message.seq) && "offer_id" in message)
          offered(to, message.order_id, message.offer_id);
        return;
      case "cancel_order":
        return void knows(to, "cancel_order", message.order_id, message.seq);
      case "driver_location":
        return "order_id" in message ? located(to, message) : undefined;
      case "estimate_update":
        if (!mayHear(to, message.order_id))
          find("S6", `${to} heard how far the driver of ${message.order_id} is, which is not theirs`);
        return;
      case "log":
        return rowTold(to, session, message.row.market, message.row.position, message.row.type);
      case "welcome": {
        const { resume } = message;
        if ("order_ids" in resume) for (const id of resume.order_ids) knows(to, "welcome", id, 1);
        if ("offers" in resume) {
          if (resume.order !== null) updated(to, resume.order);
          for (const offer of resume.offers) offered(to, offer.order_id, offer.offer_id);
        }
        return;
      }
      default: // what moves on screens rests on no row
    }
  };

  return {
    says(from, frame) {
      const message: unknown = typeof frame === "string" ? JSON.parse(frame) : unpack(frame);
      if (Array.isArray(message)) return;
      say?.(`${from} -> ${JSON.stringify(message)}`);
      const { id, ...command } = message as { id?: string; type: string; order_id?: string };
      if (id !== undefined) sent.set(`${from} ${id}`, command);
    },
    said(to, session, frame) {
      counts.said += 1;
      digest.take(to);
      digest.take(frame);
      const message = decodeMessage(typeof frame === "string" ? frame : new Uint8Array(frame).buffer);
      if (message === undefined) return find("P14", `${to} was sent a frame that nobody can read`);
      say?.(`${to} <- ${JSON.stringify(message)}`);
      check(to, session, message);
    },
    replied(to, id, reply, about) {
      const { status, body } = reply;
      digest.take(`${to} ${id} ${status} ${String(body)}`);
      say?.(`${to} <- HTTP ${status} ${String(body)}`);
      holdReply(to, keyOf(to, id), reply, about);
    },
    counts,
  };
};

const hasDriver = ({ changes }: EventRow, driverId: string): boolean =>
  (changes as Partial<TripContext>).assignment?.driverId === driverId;

const keyOf = (name: string, id: string): string => `${roleOf(name)}:${name}:${id}`;
