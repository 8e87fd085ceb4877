import type { Act } from "./story.ts";
import { type Belief, type Hands, type Person, SERVER_URL } from "./people.ts";
import { openAdmin } from "../../src/client/admin-client.ts";

export interface Operator extends Person {
  /** Live orders as their console shows them: status by id. */
  readonly orders: ReadonlyMap<string, string>;
}

/** An operator with a console: looks at orders, drivers and the log, gives trips to drivers, and ends some. */
export const startOperator = ({ name, phone, clock, random, token }: Hands): Operator => {
  const orders = new Map<string, string>();
  const drivers = new Set<string>();
  let connected = false;
  const client = openAdmin(
    {
      url: SERVER_URL,
      WebSocket: phone.WebSocket,
      token: () => token,
      clock,
      random,
      lost: () => void (connected = false),
      ended: () => void (connected = false),
    },
    {
      welcomed: () => void (connected = true),
      orders({ full, orders: shown }) {
        if (full) orders.clear();
        for (const { trip_id, status } of shown)
          if (ended.has(status)) orders.delete(trip_id);
          else orders.set(trip_id, status);
      },
      drivers(shown) {
        if (!("drivers" in shown)) return;
        if (shown.full) drivers.clear();
        for (const { driver_id } of shown.drivers) drivers.add(driver_id);
        for (const id of shown.gone) drivers.delete(id);
      },
    },
  );
  client.subscribe(["orders", "drivers", "log", "stats"]);
  const nth = (from: Iterable<string>, which: number): string | undefined => {
    const all = [...from];
    return all[which % all.length];
  };

  return {
    name,
    orders,
    does(act: Act) {
      if (act.does !== "assign" && act.does !== "end a trip") return;
      const order = nth(orders.keys(), act.which);
      const driver = nth(drivers, Math.floor(act.which / 7));
      if (order === undefined) return;
      if (act.does === "end a trip") void client.cancelTrip(order, "by hand");
      else if (driver !== undefined) void client.assignDriver(order, driver, "by hand");
    },
    behave() {},
    believes: (): Belief => ({ orderId: null, seq: 0, status: null, connected }),
    close: () => client.close(),
  };
};
const ended: ReadonlySet<string> = new Set(["completed", "cancelled", "no_driver_found"]);
