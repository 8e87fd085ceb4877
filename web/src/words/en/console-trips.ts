import type { TripStatus } from "../../../../src/domain/status.ts";

/** What an event carries, told for people already. */
export interface EventTold {
  readonly driver: string;
  readonly operator: string;
  readonly reason: string | null;
  readonly wave: string;
  readonly distance: string | null;
  readonly eta: string | null;
  /** An arrival that positions said. */
  readonly seen: boolean;
}
/** A gate of dispatch that a driver failed, with what was measured and what was asked. */
export interface GateTold {
  readonly value: string;
  readonly threshold: string;
}

const because = ({ reason }: EventTold): string => (reason === null ? "" : `: ${reason}`);
const away = ({ distance, eta }: EventTold): string =>
  [distance && `, ${distance} away`, eta && `, ${eta}`].filter(Boolean).join("");

const status: Record<TripStatus, string> = {
  requested: "Searching",
  accepted: "Accepted",
  en_route: "En route",
  arrived: "Arrived",
  in_progress: "On the ride",
  completed: "Completed",
  cancelled: "Cancelled",
  no_driver_found: "No driver",
};
const states: Record<string, string> = {
  ...status,
  "requested.searching": "Searching",
  "requested.offering": "Offering",
};
const events: Record<string, (told: EventTold) => string> = {
  create: () => "Requested",
  offer: (told) => `Offered to ${told.driver}, wave ${told.wave}${away(told)}`,
  "offer.delivered": ({ driver }) => `${driver} sees the offer`,
  "offer.accepted": ({ driver }) => `${driver} accepted`,
  "offer.declined": (told) => `${told.driver} declined${because(told)}`,
  "offer.due": () => "An offer ran out of time",
  "receipt.due": () => "An offer was not delivered",
  "offer.lapsed": () => "An offer lapsed while the server was away",
  "search.due": () => "The search ran out of time",
  "search.extended": () => "The search got lost time back",
  "passenger.cancel": (told) => `The passenger cancelled${because(told)}`,
  "driver.cancel": (told) => `${told.driver} gave it back${because(told)}`,
  "admin.cancel": (told) => `Cancelled by ${told.operator}${because(told)}`,
  "admin.assign": (told) => `Assigned to ${told.driver} by ${told.operator}${because(told)}`,
  "admin.reassign": (told) => `Given to ${told.driver} by ${told.operator}${because(told)}`,
  "driver.departed": ({ driver }) => `${driver} is on the way`,
  "driver.moving": ({ driver }) => `${driver} was seen on the way`,
  "driver.arrived": (told) =>
    `${told.driver} ${told.seen ? "was seen at" : "is at"} the pickup${because(told)}`,
  "driver.lost": ({ driver }) => `${driver} is out of reach`,
  "pickup.late": () => "The pickup is late",
  start: ({ driver }) => `${driver} started the ride`,
  complete: ({ driver }) => `${driver} completed the ride`,
  "ride.stuck": () => "The ride takes far too long",
  "admin.complete": (told) => `Completed by ${told.operator}${because(told)}`,
  repaired: (told) => `Repaired by hand${because(told)}`,
};
const by: Record<string, string> = {
  passenger: "passenger",
  driver: "driver",
  admin: "operator",
  system: "server",
  service: "service",
};
const gates: Record<string, (told: GateTold) => string> = {
  idle: () => "busy, paused, offline or being asked for another trip",
  fresh: ({ value, threshold }) => `last position ${value} old, at most ${threshold}`,
  vehicle_type: ({ value, threshold }) => `drives ${value}, the trip wants ${threshold}`,
  not_tried: () => "had its chance with this trip before",
  within_radius: ({ value, threshold }) => `${value} away, at most ${threshold}`,
  enough: ({ value, threshold }) => `free, but number ${value} of those free, and ${threshold} were asked`,
};
const outcomes: Record<string, string> = {
  accepted: "accepted",
  declined: "declined",
  expired: "did not answer",
  undelivered: "never got it",
  lapsed: "lapsed while the server was away",
  withdrawn: "withdrawn",
};

/** The console's trips: table, detail, replay. */
export const consoleTrips = {
  status,
  states,
  events,
  by,
  gates,
  outcomes,
  operator: (id: string) => `operator ${id}`,
  anyStatus: "Any status",
  filterStatus: "Status",
  find: "End of an id, name or plate",
  none: "No trips match.",
  columns: {
    id: "Trip",
    passenger: "Passenger",
    driver: "Driver",
    status: "Status",
    requested: "Requested",
    accepted: "Accepted",
    ended: "Ended",
    fare: "Fare",
    actions: "Actions",
  },
  details: "View details",
  actions: {
    "admin.assign": "Assign driver",
    "admin.reassign": "Reassign",
    "admin.complete": "Complete ride",
    "admin.cancel": "Cancel trip",
  },
  assignTitle: (trip: string) => `Assign a driver to ${trip}`,
  reassignTitle: (trip: string) => `Give ${trip} to another driver`,
  cancelTitle: (trip: string) => `Cancel trip ${trip}?`,
  completeTitle: (trip: string) => `Complete ride ${trip} for its driver?`,
  driven: "Driven, km",
  drivenHint: "Filled in: what the price was made for.",
  candidates: "Drivers near the pickup",
  noCandidates: "No driver has been seen within 20 km of the pickup.",
  cannot: (why: string) => `cannot: ${why}`,
  wouldNot: (why: string) => `dispatch would not ask: ${why}`,
  chooseDriver: "Choose a driver.",
  done: { assigned: "Assigned", completed: "Completed", cancelled: "Cancelled" },
  trip: (id: string) => `Trip ${id}`,
  chart: "Statechart",
  chartLabel: (state: string) => `Statechart of the trip; it is at: ${state}`,
  byItself: "by itself",
  timeline: "Timeline",
  changes: "What changed",
  causedBy: (position: string) => `caused by row ${position}`,
  route: "Route",
  mapLabel: "Map of the trip: pickup, dropoff and the car's way",
  noTrack: "The car's way is not known.",
  why: "Why this driver",
  noDecisions: "No decision of dispatch is kept for this trip.",
  attempt: (wave: string, distance: string) => `Wave ${wave}, looked ${distance} around`,
  attemptAsked: (asked: string, size: string) => `asked ${asked} of at most ${size}`,
  attemptNobody: "nobody could be asked",
  attemptLooks: (looks: string, until: string) => `looked ${looks} times, until ${until}`,
  asked: (eta: string) => `asked, ${eta} away`,
  waiting: "waits for an answer",
  notOffered: "had moved on before the offer was made",
  more: (count: string) => `Show ${count} more`,
  replay: "Replay",
  play: "Play",
  pause: "Pause",
  speed: "Speed",
  moment: "Moment of the trip",
  now: "Now",
  facts: { pickup: "Pickup", dropoff: "Dropoff", eta: "To the pickup", reason: "Reason", fee: "Cancel fee" },
};
