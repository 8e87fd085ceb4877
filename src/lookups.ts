import type { Log } from "./log/open-log.ts";
import type { Lookups } from "./session/directory.ts";

/** What the directory asks of the log: names, plates, and trips that have left memory. */
export const lookupsOf = ({ accounts, history }: Log): Lookups => ({
  driverRecord: async (id) => {
    const found = await accounts.driver(id);
    if (found === undefined) return undefined;
    const { driverId, firstName, lastName, vehicleType, licensePlate } = found;
    return { driverId, firstName, lastName, vehicleType, licensePlate };
  },
  passengerRecord: async (id) => {
    const found = await accounts.passenger(id);
    return found && { passengerId: found.passengerId, firstName: found.firstName };
  },
  trip: async (id) => {
    const found = await history.trip(id);
    return found && { table: "trip", ...found };
  },
});
