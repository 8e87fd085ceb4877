import type {
  DriverLocation,
  EstimateUpdate,
  NearbyDrivers,
  OrderUpdate,
} from "../../../src/protocol/server-messages.ts";
import type { Quoted, TripBody, TripDriver } from "../../../src/protocol/http-bodies.ts";
import type { Failure } from "../app/failure.ts";
import type { Link } from "../app/link.ts";
import type { Position } from "../../../src/domain/geo.ts";
import type { TripStatus } from "../../../src/domain/status.ts";
import type { VehicleType } from "../app/vehicle-types.ts";

export type PlaceKind = "pickup" | "dropoff";

/** Where somebody wants to go, before they asked for it. */
export interface Plan {
  readonly pickup: Position | null;
  readonly dropoff: Position | null;
  readonly vehicleType: VehicleType;
  /** Which place the next tap sets. */
  readonly placing: PlaceKind;
}

export type Price =
  | { readonly is: "none" }
  | { readonly is: "asking" }
  | { readonly is: "quoted"; readonly quote: Quoted }
  | { readonly is: "refused"; readonly why: Failure };

export interface Seen extends Position {
  readonly id: string;
  readonly heading: number | null;
}

/** A trip as its passenger knows it; what no update said yet is null. */
export interface Trip {
  readonly orderId: string;
  readonly status: TripStatus;
  readonly pickup: Position | null;
  readonly dropoff: Position | null;
  readonly driver: TripDriver | null;
  readonly car: Seen | null;
  /** Until the driver is at the pickup, then until the dropoff. */
  readonly etaS: number | null;
  readonly fare: { readonly amount: number; readonly currency: string } | null;
  readonly cancelledBy: string | null;
  readonly rated: boolean;
  /** Once it has ended, as the server keeps it. */
  readonly receipt: TripBody | null;
}

export interface RideState {
  readonly link: Link;
  readonly plan: Plan;
  readonly price: Price;
  /** Free cars around. */
  readonly cars: readonly Seen[];
  readonly trip: Trip | null;
  /** What the server is being asked. */
  readonly asking: "ride" | "cancel" | "rating" | null;
  readonly failure: Failure | undefined;
}

export type RideEvent =
  | { readonly is: "link"; readonly link: Link }
  | { readonly is: "place"; readonly at: Position; readonly kind?: PlaceKind }
  | { readonly is: "placing"; readonly kind: PlaceKind }
  | { readonly is: "vehicle"; readonly type: VehicleType }
  | { readonly is: "price"; readonly price: Price }
  | { readonly is: "nearby"; readonly cars: NearbyDrivers }
  | { readonly is: "asking"; readonly what: "ride" | "cancel" | "rating" }
  | { readonly is: "answered"; readonly failure: Failure | undefined }
  | { readonly is: "update"; readonly update: OrderUpdate }
  | { readonly is: "moved"; readonly location: DriverLocation }
  | { readonly is: "estimate"; readonly estimate: EstimateUpdate }
  | { readonly is: "receipt"; readonly body: TripBody }
  | { readonly is: "rated" }
  | { readonly is: "closed" };

export const newRide: RideState = {
  link: "connecting",
  plan: { pickup: null, dropoff: null, vehicleType: "standard", placing: "pickup" },
  price: { is: "none" },
  cars: [],
  trip: null,
  asking: null,
  failure: undefined,
};

const ended: ReadonlySet<TripStatus> = new Set(["completed", "cancelled", "no_driver_found"]);
export const hasEnded = ({ status }: Pick<Trip, "status">): boolean => ended.has(status);

/** Everything that changes what a passenger sees (B43). */
export const nextRide = (state: RideState, event: RideEvent): RideState => {
  switch (event.is) {
    case "link":
      return { ...state, link: event.link };
    case "place":
      return { ...state, plan: placed(state.plan, event), failure: undefined };
    case "placing":
      return { ...state, plan: { ...state.plan, placing: event.kind } };
    case "vehicle":
      return { ...state, plan: { ...state.plan, vehicleType: event.type } };
    case "price":
      return { ...state, price: event.price };
    case "nearby":
      return { ...state, cars: around(state.cars, event.cars) };
    case "asking":
      return { ...state, asking: event.what, failure: undefined };
    case "answered":
      return { ...state, asking: null, failure: event.failure };
    case "update":
      return { ...state, trip: updated(state, event.update) };
    case "moved":
      return withTrip(state, event.location.order_id, ({ driver }) => ({
        car: seen(driver?.driver_id ?? event.location.driver_id, event.location),
      }));
    case "estimate":
      return withTrip(state, event.estimate.order_id, () => ({ etaS: event.estimate.eta_s }));
    case "receipt":
      return withTrip(state, event.body.trip_id, () => ({ receipt: event.body, fare: event.body.fare }));
    case "rated":
      return state.trip === null ? state : { ...state, trip: { ...state.trip, rated: true } };
    case "closed":
      return { ...newRide, link: state.link, plan: planAfter(state.trip) };
    default:
      return event satisfies never;
  }
};

const placed = (plan: Plan, { at, kind = plan.placing }: { at: Position; kind?: PlaceKind }): Plan => {
  const next = { ...plan, [kind]: at };
  return { ...next, placing: next.pickup === null ? "pickup" : "dropoff" };
};

const around = (before: readonly Seen[], { full, drivers, gone }: NearbyDrivers): readonly Seen[] => {
  const cars = new Map(full ? [] : before.map((car) => [car.id, car]));
  for (const id of gone) cars.delete(id);
  for (const { driver_id: id, lat, lng, heading } of drivers) cars.set(id, { id, lat, lng, heading });
  return [...cars.values()];
};

/** B43: an update says what has changed; the whole trip replaces what was known. */
const updated = ({ trip, plan }: RideState, update: OrderUpdate): Trip => {
  const before = trip?.orderId === update.order_id ? trip : newTrip(update.order_id, plan);
  const { driver = before.driver, eta_s: etaS = before.etaS, fare = before.fare } = update;
  const sameDriver = driver !== null && driver.driver_id === before.driver?.driver_id;
  const { pickup = before.pickup, dropoff = before.dropoff } = update;
  return {
    ...before,
    status: update.status,
    pickup,
    dropoff,
    driver,
    etaS: update.status === "in_progress" && before.status !== "in_progress" ? null : etaS,
    fare,
    cancelledBy: update.cancelled_by ?? before.cancelledBy,
    car: sameDriver && before.car !== null ? before.car : driver && carOf(driver),
  };
};

const newTrip = (orderId: string, { pickup, dropoff }: Plan): Trip => ({
  orderId,
  status: "requested",
  pickup,
  dropoff,
  driver: null,
  car: null,
  etaS: null,
  fare: null,
  cancelledBy: null,
  rated: false,
  receipt: null,
});

const carOf = ({ driver_id: id, lat, lng }: TripDriver): Seen | null =>
  lat === null || lng === null ? null : { id, lat, lng, heading: null };
const seen = (id: string, { lat, lng, heading }: DriverLocation): Seen => ({ id, lat, lng, heading });

const withTrip = (state: RideState, orderId: string, change: (trip: Trip) => Partial<Trip>): RideState =>
  state.trip?.orderId === orderId ? { ...state, trip: { ...state.trip, ...change(state.trip) } } : state;

/** Who was taken somewhere starts their next ride there. */
const planAfter = (trip: Trip | null): Plan => {
  const pickup = (trip?.status === "completed" ? trip.dropoff : trip?.pickup) ?? null;
  return { ...newRide.plan, pickup, placing: pickup === null ? "pickup" : "dropoff" };
};
