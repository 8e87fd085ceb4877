import type { Done, Tally } from "./ports.ts";
import type { ErrorMessage } from "../protocol/server-messages.ts";
import type { Peer } from "./desk.ts";

/** To a message that asked for nothing durable. */
export const acknowledge = (peer: Peer, id: string | null): void => {
  if (id !== null) peer.push({ type: "ack", id });
};

/** Answers a message: an ack for one with an `id`, a refusal always (P43). Counts refusals by code. */
export const replyTo =
  (peer: Peer, id: string | null, refusals: Tally): Done =>
  (answer) => {
    if (answer.is === "refused") {
      const error = answer.refusal as ErrorMessage["error"];
      refusals[error.code] = (refusals[error.code] ?? 0) + 1;
      peer.push({ type: "error", ...(id !== null && { id }), error });
    } else if (id !== null) {
      const order = answer.tripId !== null && { order_id: answer.tripId };
      peer.push({ type: "ack", id, ...order, seq: answer.seq });
    }
  };
