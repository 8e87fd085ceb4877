import type {
  ActiveOrders,
  CellsUpdate,
  DriversCounted,
  DriversShown,
  LogRow,
  Stats,
  SystemStats,
} from "../../../src/protocol/server-messages.ts";
import { bearing } from "../map/glide.ts";
import { distanceM } from "../../../src/domain/geo.ts";

export type Order = ActiveOrders["orders"][number];
export type Car = DriversShown["drivers"][number];
export type Counted = DriversCounted["cells"][number];
export type Cell = CellsUpdate["cells"][number];
export type Row = LogRow["row"];

/** What an operator's desk knows. Each part is replaced when it changes, so that who shows it sees that it did. */
export interface ConsoleState {
  readonly link: "connecting" | "ready" | "lost";
  /** Live orders by id. */
  readonly orders: ReadonlyMap<string, Order>;
  /** Drivers by id, inside the box that was asked for. Empty where there are so many that they are counted. */
  readonly cars: ReadonlyMap<string, Car>;
  /** Drivers counted by H3 cell; null where they are shown one by one. */
  readonly counted: ReadonlyMap<string, Counted> | null;
  /** Supply and demand by H3 cell, where they were asked for. */
  readonly cells: ReadonlyMap<string, Cell>;
  readonly newest: Stats | null;
  /** The last hour, oldest first, one for each 15 seconds. */
  readonly hour: readonly Stats[];
  /** Of the log, newest first. */
  readonly rows: readonly Row[];
}

/** What the server says, and what becomes of the link to it. */
export type ConsoleEvent =
  | SystemStats
  | ActiveOrders
  | DriversShown
  | DriversCounted
  | CellsUpdate
  /** In whatever order, and maybe known already. */
  | { readonly type: "rows"; readonly rows: readonly Row[] }
  | { readonly type: "ready" }
  | { readonly type: "lost" };

export const nothingYet: ConsoleState = {
  link: "connecting",
  orders: new Map(),
  cars: new Map(),
  counted: null,
  cells: new Map(),
  newest: null,
  hour: [],
  rows: [],
};

const MOVED_M = 5;
const SAMPLE_MS = 15_000;
const HOUR_MS = 3_600_000;
export const ROWS_KEPT = 500;

/** B70 */
export const consoleAfter = (state: ConsoleState, event: ConsoleEvent): ConsoleState => {
  switch (event.type) {
    case "ready":
    case "lost":
      return { ...state, link: event.type };
    case "system_stats":
      return withStats(state, event);
    case "active_orders":
      return withOrders(state, event);
    case "drivers":
      return "cells" in event ? withCounted(state, event) : withCars(state, event);
    case "cells": {
      const cells = new Map(event.full ? [] : state.cells);
      for (const cell of event.cells) {
        if (cell.supply + cell.demand === 0) cells.delete(cell.cell);
        else cells.set(cell.cell, cell);
      }
      return { ...state, cells };
    }
    case "rows":
      return { ...state, rows: withRows(state.rows, event.rows) };
    default:
      return event satisfies never;
  }
};

/** B112: what was asked for and what is pushed may be the same. */
const withRows = (before: readonly Row[], came: readonly Row[]): readonly Row[] => {
  const rows = new Map([...came, ...before].map((row) => [`${row.market} ${row.position}`, row]));
  return [...rows.values()].toSorted((a, b) => b.at - a.at || b.position - a.position).slice(0, ROWS_KEPT);
};

const ended = new Set<Order["status"]>(["completed", "cancelled", "no_driver_found"]);

/** Live orders, and each once more as it ended: then it goes. */
const withOrders = (state: ConsoleState, { full, orders }: ActiveOrders): ConsoleState => {
  const next = new Map(full ? [] : state.orders);
  for (const order of orders) {
    if (ended.has(order.status)) next.delete(order.trip_id);
    else next.set(order.trip_id, order);
  }
  return { ...state, orders: next };
};

const withCars = (state: ConsoleState, { full, drivers, gone }: DriversShown): ConsoleState => {
  const cars = new Map(full ? [] : state.cars);
  for (const id of gone) cars.delete(id);
  for (const car of drivers) cars.set(car.driver_id, turned(car, state.cars.get(car.driver_id)));
  return { ...state, cars, counted: null };
};

/** Who does not say where they look, looks where they went. */
const turned = (car: Car, before: Car | undefined): Car => {
  if (car.heading !== null || before === undefined) return car;
  const moved = distanceM(before, car) > MOVED_M;
  return { ...car, heading: moved ? bearing(before, car) : before.heading };
};

const withCounted = (state: ConsoleState, { full, cells }: DriversCounted): ConsoleState => {
  const counted = new Map(full ? [] : state.counted);
  for (const cell of cells) {
    if (cell.count === 0) counted.delete(cell.cell);
    else counted.set(cell.cell, cell);
  }
  return { ...state, cars: new Map(), counted };
};

const withStats = (state: ConsoleState, { history, ...newest }: SystemStats): ConsoleState => {
  const before = history ?? state.hour;
  const due = newest.at - (before.at(-1)?.at ?? -SAMPLE_MS) >= SAMPLE_MS;
  const hour = due ? [...before, newest].filter(({ at }) => at > newest.at - HOUR_MS) : before;
  return { ...state, newest, hour };
};

/** B125: what time it is by the server, which times that it told are compared with. Unix milliseconds. */
export const serverNow = ({ newest }: ConsoleState): number => newest?.at ?? Date.now();

/** Cars by status. */
export const countsOf = (cars: ConsoleState["cars"]): ReadonlyMap<Car["status"], number> => {
  const counts = new Map<Car["status"], number>();
  for (const { status } of cars.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
};
