import type { Fault } from "./story.ts";
import type { Phone } from "./network.ts";
import type { Servers } from "./servers.ts";
import { startRepairer } from "./repairer.ts";
import type { Schedule } from "./schedule.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";

interface World {
  readonly servers: Servers;
  readonly database: SimulatedDatabase;
  readonly phones: ReadonlyMap<string, Phone>;
  /** Of an operator who sees to quarantine. */
  readonly repairer: Phone;
  readonly schedule: Schedule;
}

/** Lets something go wrong. */
export const happen = (world: World, fault: Fault): void => {
  const { servers, database, phones, repairer, schedule } = world;
  switch (fault.is) {
    case "crash":
      return servers.crash(fault.when, fault.downMs);
    case "stall":
      return servers.standStill(fault.forMs);
    case "wall clock":
      return servers.moveWallClock(fault.byMs);
    case "theft":
      return servers.steal();
    case "database gone":
      return database.goAway(fault.forMs, fault.crashed);
    case "database slow":
      return database.beSlow(fault.forMs, fault.ms);
    case "appends fail":
      return database.failAppends(fault.forMs, fault.share);
    case "append refused":
      return database.refuseOne();
    case "rows unreadable":
      schedule.after(fault.repairedAfterMs, () => startRepairer(repairer, schedule));
      return database.unreadable.damage(fault.which, fault.fromSeq, fault.forMs);
    case "storm":
      for (const phone of phones.values()) phone.cut();
      return;
    case "cut":
      return phones.get(fault.who)!.cut();
    case "half open":
      return phones.get(fault.who)!.halfOpen(fault.forMs);
    case "no network":
      return phones.get(fault.who)!.noNetwork(fault.forMs);
    case "lag":
      return phones.get(fault.who)!.lag(fault.forMs, fault.ms);
    case "does not read":
      return phones.get(fault.who)!.doesNotRead(fault.forMs);
    case "says all twice":
      return phones.get(fault.who)!.saysTwice(fault.forMs);
    default:
      fault satisfies never;
  }
};

/** From now on nothing goes wrong. */
export const heal = ({ servers, database, phones }: World): void => {
  database.heal();
  servers.heal();
  for (const phone of phones.values()) phone.heal();
};
