import type { Answer, Identity } from "../session/desk.ts";
import type { HttpReply, Route } from "../socket/port.ts";
import { maySee, tripAsRequested, tripById, tripGivenBack } from "./trip-by-id.ts";
import { forbidden, guarded, nothing } from "./guard.ts";
import { json, notFound, refused } from "./replies.ts";
import { tripAssign, tripCancel, tripComplete, tripRequest } from "../protocol/http-bodies.ts";
import type { Done } from "../session/ports.ts";
import type { HttpPorts } from "./ports.ts";
import type { Refusal } from "../domain/errors.ts";
import type { ShownTrip } from "../protocol/chart-bodies.ts";
import type { TripId } from "../domain/ids.ts";
import type { TripListRow } from "../domain/row.ts";
import { assert } from "../domain/assert.ts";
import { assignDriver } from "../session/messages/assign-driver.ts";
import { cancelTrip as cancel } from "../session/messages/cancel-trip.ts";
import { completeTrip as complete } from "../session/messages/complete-trip.ts";
import { keyed } from "./keyed.ts";
import { type ParsedBody, parseBody } from "../protocol/parse.ts";
import { requestTrip } from "../session/messages/request-trip.ts";
import { isId, tripId } from "../domain/ids.ts";
import { viewTrip } from "../publish/trip-view.ts";

/** `POST /trips`: 201 once durable, and the same 201 to a repeat with the same key (P55). */
export const createTrip = (ports: HttpPorts): Route =>
  guarded(
    ports,
    ["passenger"],
    keyed((bytes) => parseBody(tripRequest, bytes)),
    async ({ identity, content: { key, body } }) => {
      const { desk } = ports;
      const answer = await answered((done) => requestTrip(ports, identity, body, key, done));
      if (answer.is === "refused") return refuse(ports, answer.refusal);
      assert(answer.tripId !== null, "P55: a trip that was made has an id");
      const row = await tripAsRequested(desk, answer.tripId);
      return json(201, await viewTrip(desk, row, null, identity.role, ports.clock.wall()));
    },
  );

/** `GET /trips/{id}` */
export const readTrip = (ports: HttpPorts): Route =>
  guarded(ports, ["passenger", "driver", "admin"], nothing, ({ identity, request }) =>
    showTrip(ports, identity, tripId(request.params["id"] ?? "")),
  );

/** `POST /trips/{id}/cancel` -> the trip as it is then; to a driver who gave it back, as it was then (P170). */
export const cancelTrip = (ports: HttpPorts): Route =>
  guarded(
    ports,
    ["passenger", "driver", "admin"],
    keyed((bytes) => parseBody(tripCancel, bytes)),
    async ({ identity, content: { key, body }, request }) => {
      const id = tripId(request.params["id"] ?? "");
      if (!isId(id)) return notFound("trip");
      const answer = await answered((done) => cancel(ports.desk, identity, id, body.reason, key, done));
      if (answer.is === "ok") return showTrip(ports, identity, id, answer.seq);
      // P53: why it is refused, and what would be legal, is for those who may see the trip.
      const found = await tripById(ports.desk, id);
      return found && !maySee(identity, found.row) ? notYours : refuse(ports, answer.refusal);
    },
  );

/** `POST /trips/{id}/assign` -> the trip as it is then. */
export const assignTrip = (ports: HttpPorts): Route =>
  byOperator(
    ports,
    (bytes) => parseBody(tripAssign, bytes),
    (identity, id, { driver_id: driverId, reason }, key, done) =>
      assignDriver(ports.desk, identity, { tripId: id, driverId, reason }, key, done),
  );

/** `POST /trips/{id}/complete` -> the trip as it is then. */
export const completeTrip = (ports: HttpPorts): Route =>
  byOperator(
    ports,
    (bytes) => parseBody(tripComplete, bytes),
    (identity, id, { distance_m: distanceM, reason }, key, done) =>
      complete(ports.desk, identity, { tripId: id, distanceM, reason }, key, done),
  );

const byOperator = <Body>(
  ports: HttpPorts,
  read: (bytes: Uint8Array) => ParsedBody<Body>,
  ask: (identity: Identity, id: TripId, body: Body, key: string | null, done: Done) => void,
): Route =>
  guarded(ports, ["admin"], keyed(read), async ({ identity, content: { key, body }, request }) => {
    const id = tripId(request.params["id"] ?? "");
    if (!isId(id)) return notFound("trip");
    const answer = await answered((done) => ask(identity, id, body, key, done));
    return answer.is === "ok" ? showTrip(ports, identity, id) : refuse(ports, answer.refusal);
  });

const answered = (ask: (done: Done) => void): Promise<Answer> => new Promise(ask);

/** `actedAt`: the seq of what they did to it, so of that much they may know, even a driver who gave it back. */
const showTrip = async (
  { desk, clock, legalFor }: HttpPorts,
  identity: Identity,
  id: TripId,
  actedAt?: number,
): Promise<HttpReply> => {
  const found = await tripById(desk, id);
  if (found === undefined) return notFound("trip");
  const view = (row: TripListRow, etaS: number | null) =>
    viewTrip(desk, row, etaS, identity.role, clock.wall());
  const { row, etaS, actor } = found;
  if (maySee(identity, row)) {
    const legal = actor ? [...legalFor(actor, identity.role)] : [];
    return json(200, { ...(await view(row, etaS)), legal } satisfies ShownTrip);
  }
  if (actedAt === undefined) return notYours;
  return json(200, { ...(await view(tripGivenBack(row, actedAt), null)), legal: [] } satisfies ShownTrip);
};

const refuse = ({ counts }: HttpPorts, why: Refusal): HttpReply => {
  counts.refused(why.code);
  return refused(why);
};

const notYours = forbidden("this trip is not yours");
