/** Public status of a trip (contract). */
export type TripStatus =
  | "requested"
  | "accepted"
  | "en_route"
  | "arrived"
  | "in_progress"
  | "completed"
  | "cancelled"
  | "no_driver_found";

/** Public status of a driver (contract). */
export type DriverStatus =
  | "offline"
  | "available"
  | "offered"
  | "en_route"
  | "at_pickup"
  | "on_trip"
  | "paused";

export type Role = "passenger" | "driver" | "admin" | "service";
/** Who caused an event: a role, or the server itself. */
export type By = Role | "system";
