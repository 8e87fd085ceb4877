import type { HttpReply, HttpRequest, Route } from "../socket/port.ts";
import { type Item, type Listed, type Looked, repairRequest } from "../protocol/quarantine-bodies.ts";
import { guarded, nothing } from "./guard.ts";
import { json, notFound, refused } from "./replies.ts";
import type { ActorKind, ActorRef } from "../domain/row.ts";
import type { HttpPorts } from "./ports.ts";
import type { Outcome } from "../market/ports.ts";
import type { Place } from "../session/desk.ts";
import type { Quarantined } from "../market/quarantine.ts";
import type { Repair } from "../market/repair.ts";
import { type Refusal, refusal } from "../domain/errors.ts";
import { driverId } from "../domain/ids.ts";
import { parseBody } from "../protocol/parse.ts";

/** `GET /quarantine`: what an operator must look at. */
export const listQuarantine = ({ desk, ...ports }: HttpPorts): Route =>
  guarded(ports, ["admin"], nothing, () => {
    const items = desk.places.flatMap((place) =>
      place.market.quarantine.list().map((one) => itemOf(place, one)),
    );
    return json(200, { items } satisfies Listed);
  });

/** `GET /quarantine/{kind}/{id}`: which of its rows cannot be read, and what is known beside them. */
export const lookAtQuarantined = (ports: HttpPorts): Route =>
  guarded(ports, ["admin"], nothing, async ({ request }) => {
    const found = find(ports, request);
    if (found === undefined) return nobody;
    const { unread, listed, claim } = await found.place.market.quarantine.look(found.one);
    const body: Looked = {
      ...itemOf(found.place, found.one),
      unread: unread.map(({ row, why }) => ({
        seq: row.seq,
        position: row.position,
        at: new Date(row.at).toISOString(),
        type: row.type,
        from: row.fromState,
        to: row.toState,
        machine: row.machine,
        why: why!,
      })),
      listed: listed && {
        seq: listed.seq,
        status: listed.status,
        state: listed.state,
        passenger_id: listed.table === "trip" ? listed.passengerId : null,
        driver_id: listed.table === "trip" ? listed.driverId : null,
        trip_id: listed.table === "trip" ? null : listed.tripId,
      },
      claimed_by: claim?.driverId ?? null,
    };
    return json(200, body);
  });

const itemOf = ({ name }: Place, { kind, id, since, why, seq, good }: Quarantined): Item => ({
  kind,
  id,
  market: name,
  since: new Date(since).toISOString(),
  why,
  seq,
  good: good === undefined ? null : { seq: good.seq, state: good.state },
});

/** Who is named in the path, and where. */
const find = ({ desk }: HttpPorts, { params }: HttpRequest) => {
  const { kind = "", id = "" } = params;
  for (const place of desk.places) {
    const one = place.market.quarantine.find({ kind: kind as ActorKind, id });
    if (one !== undefined) return { place, one };
  }
  return undefined;
};
const nobody = notFound("trip or driver in quarantine");

/** `POST /quarantine/{kind}/{id}/retry`: it goes on as its rows say, now that they were mended. */
export const retryQuarantined = (ports: HttpPorts): Route =>
  repairing(ports, "actor.retried", ({ market }, ...said) => market.quarantine.retry(...said));

/** `POST /quarantine/{kind}/{id}/release`: it is ended, and who was bound to it is free. */
export const releaseQuarantined = (ports: HttpPorts): Route =>
  repairing(ports, "actor.released", ({ market }, ...said) => market.quarantine.release(...said));

const repairing = (ports: HttpPorts, what: string, make: Make): Route =>
  guarded(
    ports,
    ["admin"],
    (request) => parseBody(repairRequest, request.body),
    ({ identity: { sub }, content: { reason }, request }) =>
      repaired(ports, request, sub, what, (place, of) => make(place, of, sub, reason)),
  );

type Make = (place: Place, of: ActorRef, adminId: string, reason: string) => Promise<Repair | Refusal>;

/** M65: what an operator does is in the audit first, then a row of the log. */
const repaired = async (
  ports: HttpPorts,
  request: HttpRequest,
  adminId: string,
  what: string,
  make: (place: Place, of: ActorRef) => Promise<Repair | Refusal>,
): Promise<HttpReply> => {
  const found = find(ports, request);
  if (found === undefined) return nobody;
  const { place, one } = found;
  const { kind, id } = one;
  const refuse = (why: Refusal): HttpReply => {
    ports.counts.refused(why.code);
    return refused(why);
  };
  const event = await make(place, one);
  if ("code" in event) return refuse(event);
  const { reason, seq, state, unknown } = event;
  const working = kind === "driver" ? ports.desk.placeOfDriver(driverId(id)) : undefined;
  if (working !== undefined && working !== place && state !== "offline")
    return refuse(refusal("illegal_now", `they work in ${working.name}, and cannot be ${state} here too`));
  await ports.audit({
    actor: adminId,
    what,
    detail: { kind, id, market: place.name, why: one.why, reason, seq, state, unknown },
  });
  const outcome = await submitted(ports, place, one, event, adminId);
  return outcome.is === "refused"
    ? refuse(outcome.refusal)
    : json(200, { kind, id, seq: outcome.seq, state });
};

/** The key is no caller's, so that the log tells who it was. */
const submitted = (
  { desk }: HttpPorts,
  place: Place,
  { kind, id }: ActorRef,
  event: Repair,
  adminId: string,
): Promise<Outcome> => {
  const key = `admin:${adminId}:repair:${kind}:${id}:${event.seq}`;
  return new Promise((done) => {
    // P80: from being let go until that is durable.
    if (kind === "driver") desk.holdDriver(driverId(id), place);
    place.market.submit({ to: { kind, id }, event, by: "admin", key, hash: 0 }, (outcome) => {
      if (kind === "driver") desk.releaseDriver(driverId(id));
      done(outcome);
    });
  });
};
