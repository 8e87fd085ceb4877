import type { Answer, Desk, Identity, Place } from "./desk.ts";
import type { Command, Input, Outcome } from "../market/ports.ts";
import type { ErrorCode, Refusal } from "../domain/errors.ts";
import { type TripId, tripId } from "../domain/ids.ts";
import type { Done } from "./ports.ts";
import type { TripEvent } from "../../machines/events.ts";
import type { TripListRow } from "../domain/row.ts";
import { fingerprint } from "../protocol/fingerprint.ts";
import { refusal } from "../domain/errors.ts";

/** Who asks, and under which of their own keys; null: a repeat would be a new command (P44). */
export interface Asker {
  readonly identity: Identity;
  readonly key: string | null;
}

/** What is asked: the command, and the content by which a repeat is told from a reused key. */
export interface Question {
  readonly to: Command["to"];
  readonly event: Input;
  readonly birth?: Input;
  readonly content: object;
}

/** Asks an actor of this market; `done` hears of it once it is durable. */
export const ask = (place: Place, who: Asker, question: Question, done: Done): void => {
  const { content, ...command } = question;
  const key = keyOf(who);
  const hash = key === null ? 0 : fingerprint(content);
  place.market.submit({ ...command, by: who.identity.role, key, hash }, (outcome) => done(answerOf(outcome)));
};

/**
 * Goes on with a new command. Where this key was used before, in whatever market, the first answer is given again,
 * or `key_reused` (P45). Before anything else: what a repeat asks for is done and would be refused.
 */
export const unlessRepeated = (
  desk: Desk,
  who: Asker,
  content: object,
  done: Done,
  isNew: () => void,
): void => {
  const key = keyOf(who);
  if (key === null) return isNew();
  const hash = fingerprint(content);
  const told = (outcome: Outcome) => done(answerOf(outcome));
  const judge = (): void => {
    const recalling = desk.places.flatMap(({ market }) => market.recall(key) ?? []);
    if (recalling.length === 0) {
      if (!desk.places.some(({ market }) => market.repeat(key, hash, told))) isNew();
      return;
    }
    // M104: again, for while one market asked another may have forgotten.
    void Promise.all(recalling).then(judge, () => done(noAnswer));
  };
  judge();
};

/** What is asked of a trip that somebody names. */
export interface TripQuestion {
  readonly tripId: TripId;
  readonly content: object;
  /** The event, looked up in the market that holds the trip; or why it may not be asked. */
  event(place: Place): TripEvent | Refusal;
  /** What to say of a trip that has ended. */
  ended(row: TripListRow): Answer;
}

/** Asks the trip if it is live. A repeat is answered the same, also when it has ended (P45). */
export const askTrip = (desk: Desk, who: Asker, question: TripQuestion, done: Done): void =>
  unlessRepeated(desk, who, question.content, done, () => askNew(desk, who, question, done));

const askNew = (desk: Desk, who: Asker, question: TripQuestion, done: Done): void => {
  const { content } = question;
  const to = { kind: "trip" as const, id: question.tripId };
  const place = placeHolding(desk, question.tripId);
  if (place) {
    const event = question.event(place);
    // E4: what it was judged by may not be in the log yet.
    if ("code" in event)
      place.market.read(to, (seen) =>
        done(seen.is === "unknown" ? noAnswer : { is: "refused", refusal: event }),
      );
    else ask(place, who, { to, event, content }, done);
    return;
  }
  desk.endedTrip(question.tripId).then(
    (row) => done(row ? question.ended(row) : no("not_found", "no such trip")),
    () => done(noAnswer),
  );
};

/** The market that has this trip in memory, committed or about to be, or in quarantine. */
export const placeHolding = (desk: Desk, id: TripId): Place | undefined => {
  const trip = { kind: "trip" as const, id };
  const holds = ({ market }: Place) =>
    market.peek(trip) !== undefined || market.quarantine.find(trip) !== undefined;
  const place = desk.placeOfTrip(id);
  return place && holds(place) ? place : desk.places.find(holds);
};

/** `illegal_now` for a trip that has ended: nothing is legal any more. */
export const hasEnded = (row: TripListRow): Answer =>
  no("illegal_now", `the trip is ${row.state}`, { status: row.status, legal: [] });

export const no = (code: ErrorCode, message: string, more: Partial<Refusal> = {}): Answer => ({
  is: "refused",
  refusal: refusal(code, message, more),
});

const noAnswer = no("unavailable", "the log does not answer; repeat with the same key");

const keyOf = ({ identity, key }: Asker): string | null =>
  key === null ? null : `${identity.role}:${identity.sub}:${key}`;

const answerOf = (outcome: Outcome): Answer => {
  if (outcome.is === "refused") return outcome;
  const { to, seq } = outcome;
  const repeat = outcome.is === "done" && outcome.repeated;
  return { is: "ok", tripId: to.kind === "trip" ? tripId(to.id) : null, seq, repeated: repeat };
};
