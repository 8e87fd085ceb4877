import type { HttpReply, HttpRequest, Route } from "../socket/port.ts";
import { type Listed, releaseRequest } from "../protocol/quarantine-bodies.ts";
import { guarded, nothing } from "./guard.ts";
import { json, notFound, refused } from "./replies.ts";
import type { ActorRef } from "../domain/row.ts";
import type { HttpPorts } from "./ports.ts";
import type { Outcome } from "../market/ports.ts";
import type { Place } from "../session/desk.ts";
import type { Repair } from "../market/repair.ts";
import type { Refusal } from "../domain/errors.ts";
import { parseBody } from "../protocol/parse.ts";

/** `GET /quarantine`: what an operator must look at. */
export const listQuarantine = ({ desk, ...ports }: HttpPorts): Route =>
  guarded(ports, ["admin"], nothing, () => {
    const items = desk.places.flatMap(({ name, market }) =>
      market.quarantine.list().map(({ kind, id, since, why, seq, good }) => ({
        kind,
        id,
        market: name,
        since: new Date(since).toISOString(),
        why,
        seq,
        good: good === undefined ? null : { seq: good.seq, state: good.state },
      })),
    );
    return json(200, { items } satisfies Listed);
  });

/** `POST /quarantine/{kind}/{id}/retry`: it goes on as its rows say, now that they were mended. */
export const retryQuarantined = (ports: HttpPorts): Route =>
  guarded(ports, ["admin"], nothing, ({ identity: { sub }, request }) =>
    repaired(ports, request, sub, "actor.retried", ({ market }, of) => market.quarantine.retry(of, sub)),
  );

/** `POST /quarantine/{kind}/{id}/release`: it is ended, and who was bound to it is free. */
export const releaseQuarantined = (ports: HttpPorts): Route =>
  guarded(
    ports,
    ["admin"],
    (request) => parseBody(releaseRequest, request.body),
    ({ identity: { sub }, content: { reason }, request }) =>
      repaired(ports, request, sub, "actor.released", ({ market }, of) =>
        market.quarantine.release(of, sub, reason),
      ),
  );

type Make = (place: Place, of: ActorRef) => Promise<Repair | Refusal>;

/** M65: what an operator does is in the audit first, then a row of the log. */
const repaired = async (
  { desk, audit, counts }: HttpPorts,
  { params }: HttpRequest,
  adminId: string,
  what: string,
  make: Make,
): Promise<HttpReply> => {
  const { kind = "", id = "" } = params;
  const isIt = (of: ActorRef): boolean => of.kind === kind && of.id === id;
  const place = desk.places.find(({ market }) => market.quarantine.list().some(isIt));
  const of = place?.market.quarantine.list().find(isIt);
  if (place === undefined || of === undefined) return notFound("trip or driver in quarantine");
  const refuse = (why: Refusal): HttpReply => {
    counts.refused(why.code);
    return refused(why);
  };
  const event = await make(place, of);
  if ("code" in event) return refuse(event);
  const { reason, seq, state } = event;
  await audit({
    actor: adminId,
    what,
    detail: { kind, id, market: place.name, why: of.why, reason, seq, state },
  });
  const outcome = await submitted(place, of, event, adminId);
  return outcome.is === "refused"
    ? refuse(outcome.refusal)
    : json(200, { kind, id, seq: outcome.seq, state });
};

/** The key is no caller's, so that the log tells who it was. */
const submitted = (
  place: Place,
  { kind, id }: ActorRef,
  event: Repair,
  adminId: string,
): Promise<Outcome> => {
  const key = `admin:${adminId}:repair:${kind}:${id}:${event.seq}`;
  return new Promise((done) =>
    place.market.submit({ to: { kind, id }, event, by: "admin", key, hash: 0 }, done),
  );
};
