import type { Actor } from "../../src/market/ports.ts";
import type { HttpReply } from "../../src/socket/port.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import type { TripBody } from "../../src/protocol/http-bodies.ts";
import type { TripContext, TripState } from "../../machines/context.ts";
import type { Written } from "./written.ts";
import { fold } from "../../src/market/fold.ts";
import { tripId } from "../../src/domain/ids.ts";
import { tripListRow } from "../../machines/trip-facts.ts";

interface Ports {
  readonly log: Written;
  readonly find: (law: string, what: string) => void;
  /** By `role:user:key`: holds a refusal to the log; `about`: the trip that was named. */
  readonly refused: (to: string, key: string, error: Refusal, about: string | undefined) => void;
  readonly counts: { acknowledged: number };
}

/**
 * Holds what is answered by HTTP to the log (E152): what is acknowledged is there under its key and as the body says,
 * what is refused is not, and whoever asks for a trip once more with the same key is answered the same.
 */
export const holdReplies = ({ log, find, refused, counts }: Ports) => {
  /** By key: the first answer to a request for a trip. */
  const made = new Map<string, string>();

  const acknowledged = (to: string, key: string, body: TripBody): void => {
    const row = log.byKey(key);
    if (row === undefined) return find("I8", `${to}'s ${key} was acknowledged and is not in the log`);
    const { trip_id: id, seq } = body;
    if (id !== row.actorId)
      return find("I8", `${to}'s ${key} is about ${row.actorId}, the answer about ${id}`);
    if (log.passengerOf(id) !== to) find("S6", `${to} was answered about ${id}, which is not theirs`);
    if (seq < row.seq) find("I8", `${to}'s ${key} is at seq ${row.seq}, the answer as of seq ${seq}`);
    const rows = log.rowsOf("trip", id).slice(0, seq);
    if (rows.length < seq)
      return find("E1", `${to} was answered seq ${seq} of ${id}, which is not in the log`);
    const [logged, told] = [asLogged(rows.reduce<Actor | undefined>(fold, undefined)!), asTold(body)];
    if (told !== logged) find("I11", `${to} was answered that ${id} is ${told}; in the log it is ${logged}`);
    if (row.type !== "create") return;
    const [now, first = now] = [JSON.stringify(body), made.get(key)];
    made.set(key, first);
    if (now !== first) find("P55", `${to}'s ${key} was answered ${first}, and then ${now}`);
  };

  return (to: string, key: string, { status, headers, body }: HttpReply, about: string | undefined): void => {
    const told = JSON.parse(String(body)) as TripBody | { readonly error: Refusal };
    if (status === 503 && headers?.["retry-after"] === undefined)
      find("M66", `${to} was not told when to ask again`);
    if ("error" in told) return refused(to, key, told.error, about);
    counts.acknowledged += 1;
    acknowledged(to, key, told);
  };
};

/** What a passenger may see of a trip and its rows decide, in one line. */
const asTold = ({ seq, state, status, fare, cancel_fee, cancelled_by, reason, requested_at }: TripBody) =>
  JSON.stringify([seq, state, status, fare, cancel_fee, cancelled_by, reason, requested_at]);

const asLogged = ({ id, seq, state, context }: Actor): string => {
  const row = tripListRow(tripId(id), seq, state as TripState, context as unknown as TripContext);
  const { status, fareAmount, fareCurrency, cancelFee, cancelledBy, reason, requestedAt } = row;
  const fare = { amount: fareAmount, currency: fareCurrency };
  const fee = cancelFee === null ? null : { amount: cancelFee, currency: fareCurrency };
  const at = new Date(requestedAt).toISOString();
  return JSON.stringify([seq, state, status, fare, fee, cancelledBy, reason, at]);
};
