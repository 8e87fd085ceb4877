import type { Reply, ServerRefusal } from "../../../src/client/connection.ts";
import type { Result } from "../../../src/client/http.ts";
import type { Words } from "../words/words.ts";

/** Why something asked for was not done; null: the server did not answer. */
export type Failure = ServerRefusal | null;

/** Undefined: it was done. */
export const failureOf = (answer: Reply | Result<unknown>): Failure | undefined =>
  answer.is === "ack" || answer.is === "ok" ? undefined : answer.is === "refused" ? answer.error : null;

/** In the reader's words where there are some, otherwise in the server's. */
export const failureText = ({ unreachable, errors }: Words["common"], failure: Failure): string =>
  failure === null ? unreachable : (errors[failure.code] ?? failure.message);
