import type {
  AssignedOrder,
  CancelOrder,
  DriverWelcome,
  OfferedOrder,
  OrderUpdate,
} from "../../../src/protocol/server-messages.ts";
import type { DriverStatus, TripStatus } from "../../../src/domain/status.ts";
import type { Failure } from "../app/failure.ts";
import type { Link } from "../app/link.ts";
import type { Position } from "../../../src/domain/geo.ts";

/** Where the car is, by the device or by the simulation. */
export interface Fix extends Position {
  readonly heading: number | null;
  readonly speedMps: number | null;
  readonly accuracyM: number | null;
}

export interface Offer {
  readonly order: OfferedOrder;
  /** By this device's clock: the server tells how long, so that a wrong clock does no harm. */
  readonly endsAtMs: number;
}

/** The driver's trip. */
export interface Order {
  readonly orderId: string;
  readonly status: TripStatus;
  readonly pickup: Position;
  readonly dropoff: Position;
  readonly fare: { readonly amount: number; readonly currency: string } | null;
  readonly firstName: string | null;
}

/** What came of the last order or offer, until the driver has seen it. */
export type News =
  | { readonly is: "completed"; readonly order: Order }
  | { readonly is: "lost"; readonly reason: string | null }
  | { readonly is: "offer-gone"; readonly reason: string };

export interface DriveState {
  readonly link: Link;
  /** Null: not known yet. */
  readonly status: DriverStatus | null;
  readonly fix: Fix | null;
  readonly offer: Offer | null;
  readonly order: Order | null;
  readonly news: News | null;
  readonly asking: boolean;
  readonly failure: Failure | undefined;
}

export type DriveEvent =
  | { readonly is: "link"; readonly link: Link }
  | {
      readonly is: "welcome";
      readonly resume: DriverWelcome["resume"];
      readonly nowMs: number;
    }
  | { readonly is: "status"; readonly status: DriverStatus }
  | { readonly is: "fix"; readonly fix: Fix | null }
  | { readonly is: "offer"; readonly order: OfferedOrder; readonly nowMs: number }
  | { readonly is: "assigned"; readonly order: AssignedOrder }
  | { readonly is: "withdrawn"; readonly cancel: CancelOrder }
  | { readonly is: "update"; readonly update: OrderUpdate }
  | { readonly is: "accepted" | "declined"; readonly orderId: string }
  | { readonly is: "asking" }
  | { readonly is: "answered"; readonly failure: Failure | undefined }
  | { readonly is: "seen" };

export const newDrive: DriveState = {
  link: "connecting",
  status: null,
  fix: null,
  offer: null,
  order: null,
  news: null,
  asking: false,
  failure: undefined,
};

/** Everything that changes what a driver sees (B44). */
export const nextDrive = (state: DriveState, event: DriveEvent): DriveState => {
  switch (event.is) {
    case "link":
      return { ...state, link: event.link };
    case "welcome":
      return welcomed(state, event);
    case "status":
      return { ...state, status: event.status };
    case "fix":
      return { ...state, fix: event.fix };
    case "offer":
      return { ...state, offer: offerOf(event.order, event.nowMs), news: null, failure: undefined };
    case "assigned":
      return begun(state, event.order);
    case "withdrawn":
      return withdrawn(state, event.cancel);
    case "update":
      return updated(state, event.update);
    case "accepted":
      return state.offer?.order.order_id === event.orderId ? begun(state, state.offer.order) : state;
    case "declined":
      return state.offer?.order.order_id === event.orderId
        ? { ...state, offer: null, status: "available" }
        : state;
    case "asking":
      return { ...state, asking: true, failure: undefined };
    case "answered":
      return { ...state, asking: false, failure: event.failure };
    case "seen":
      return { ...state, news: null };
    default:
      return event satisfies never;
  }
};

const offerOf = (order: OfferedOrder, nowMs: number): Offer => ({
  order,
  endsAtMs: nowMs + order.expires_in_ms,
});

/** B44: the server's word replaces what the page believed; an order it does not name is the driver's no more. */
const welcomed = (
  state: DriveState,
  { resume, nowMs }: Extract<DriveEvent, { is: "welcome" }>,
): DriveState => {
  const { status, order: told, offers } = resume;
  const offer = offers[0] === undefined ? null : offerOf(offers[0], nowMs);
  const order = told === null ? null : orderOf(told, state.order);
  const isLost = state.order !== null && order?.orderId !== state.order.orderId;
  const news: News | null = isLost ? { is: "lost", reason: null } : state.news;
  return { ...state, link: "ready", status, offer, order, news };
};

const orderOf = (update: OrderUpdate, before: Order | null): Order | null => {
  const known = before?.orderId === update.order_id ? before : null;
  const { order_id: orderId, status, pickup = known?.pickup, dropoff = known?.dropoff } = update;
  if (pickup === undefined || dropoff === undefined) return null;
  const { fare = known?.fare ?? null } = update;
  return {
    orderId,
    status,
    pickup,
    dropoff,
    fare,
    firstName: update.passenger?.first_name ?? known?.firstName ?? null,
  };
};

const begun = (state: DriveState, order: OfferedOrder | AssignedOrder): DriveState => {
  if (state.order?.orderId === order.order_id) return { ...state, offer: null };
  const { order_id: orderId, pickup, dropoff, fare, passenger } = order;
  return {
    ...state,
    status: "en_route",
    offer: null,
    news: null,
    order: { orderId, status: "accepted", pickup, dropoff, fare, firstName: passenger.first_name },
  };
};

const withdrawn = (state: DriveState, cancel: CancelOrder): DriveState => {
  const { order_id, reason } = cancel;
  if (state.offer?.order.order_id === order_id)
    return { ...state, offer: null, status: "available", news: { is: "offer-gone", reason } };
  if (state.order?.orderId === order_id)
    return { ...state, order: null, status: "available", news: { is: "lost", reason } };
  return state;
};

const statusWith: Readonly<Partial<Record<TripStatus, DriverStatus>>> = {
  accepted: "en_route",
  en_route: "en_route",
  arrived: "at_pickup",
  in_progress: "on_trip",
};

/** The trip has this driver. */
export const drives = (status: TripStatus): boolean => statusWith[status] !== undefined;

const updated = (state: DriveState, update: OrderUpdate): DriveState => {
  const status = statusWith[update.status];
  if (status !== undefined) {
    if (state.offer?.order.order_id === update.order_id)
      return updated(begun(state, state.offer.order), update);
    if (state.order?.orderId !== update.order_id) return state;
    const { fare = state.order.fare } = update;
    return { ...state, status, order: { ...state.order, status: update.status, fare } };
  }
  if (state.order?.orderId !== update.order_id) return state;
  const { fare = state.order.fare } = update;
  const order = { ...state.order, status: update.status, fare };
  const news: News =
    update.status === "completed"
      ? { is: "completed", order }
      : { is: "lost", reason: update.reason ?? null };
  return { ...state, status: "available", order: null, news };
};

/** Where the car has to go. */
export const targetOf = (order: Order | null): Position | null =>
  order === null
    ? null
    : order.status === "in_progress"
      ? order.dropoff
      : order.status === "arrived"
        ? null
        : order.pickup;
