/**
 * The drivers of one market as columns: a slot per driver, reused after they leave. Columns are replaced
 * when they grow, so read them from here each time.
 */
export interface Drivers {
  /** The newest taken fix, `WIDTH` numbers a driver: a search touches one cache line each. */
  fix: Float64Array;
  /** x, y, z and time of a fix that looked like a jump and waits to be repeated; NaN time: none. */
  pending: Float64Array;
  /** `IDLE` or `BUSY`. */
  status: Uint8Array;
  /** Number of the vehicle type, see `vehicle-types.ts`. */
  vehicle: Uint32Array;
  /** The cell the driver is listed in, or -1; `next` and `previous` link the drivers of a cell. */
  cell: Int32Array;
  next: Int32Array;
  previous: Int32Array;
  /** Null: a free slot. */
  readonly id: (string | null)[];
  /** How many are listed in cells: those with a fix. */
  listed: number;
}

// Places in `fix`, after x, y, z of the unit vector.
/** Server time; NaN: no fix yet. */
export const AT = 3;
export const LAT = 4;
export const LNG = 5;
export const HEADING = 6;
/** The phone's own time of the newest fix that carried one, taken or kept aside. */
export const PHONE_AT = 7;
export const WIDTH = 8;

const START = 256;

export const createDrivers = (): Drivers => ({
  fix: new Float64Array(START * WIDTH),
  pending: new Float64Array(START * 4),
  status: new Uint8Array(START),
  vehicle: new Uint32Array(START),
  cell: new Int32Array(START),
  next: new Int32Array(START),
  previous: new Int32Array(START),
  id: [],
  listed: 0,
});

/** Twice the room. */
export const growDrivers = (drivers: Drivers): void => {
  drivers.fix = doubled(drivers.fix);
  drivers.pending = doubled(drivers.pending);
  drivers.status = doubled(drivers.status);
  drivers.vehicle = doubled(drivers.vehicle);
  drivers.cell = doubled(drivers.cell);
  drivers.next = doubled(drivers.next);
  drivers.previous = doubled(drivers.previous);
};

const doubled = <A extends Float64Array | Int32Array | Uint32Array | Uint8Array>(column: A): A => {
  const wider = new (column.constructor as new (length: number) => A)(column.length * 2);
  wider.set(column);
  return wider;
};
