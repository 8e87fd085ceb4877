import type { Ending, Finding } from "./ending.ts";
import type { Story } from "./story.ts";
import { type Tamper, openServers } from "./servers.ts";
import { memoryDatabase } from "../fixtures/memory-log/open-memory-log.ts";
import { play } from "./play.ts";
import { REPAIRER } from "./repairer.ts";
import { signTokens } from "./tokens.ts";
import { driverId, passengerId } from "../../src/domain/ids.ts";
import { ms } from "../../src/domain/time.ts";
import { ON_PURPOSE, openDatabase } from "./simulated-database.ts";
import { watchCandidates } from "./candidates.ts";
import { openDigest } from "./digest.ts";
import { openHearing } from "./hearing.ts";
import { openNetwork } from "./network.ts";
import { openSchedule } from "./schedule.ts";
import { watchUncaught, whereThrown } from "./uncaught.ts";
import { readWritten } from "./written.ts";
import type { Guard } from "../fixtures/memory-log.ts";
import { seeded } from "../../bench/city/random.ts";

export interface Options {
  /** Changes a server before it starts: to show that the simulation notices. */
  readonly tamper?: Tamper;
  /** What the database does not hold. */
  readonly without?: readonly Guard[];
  /** Every row as it is committed, and every word as it is said. */
  readonly trace?: (line: string) => void;
}

/**
 * Plays a story from its first event to the quiet after it, and looks whether all laws held. What a server, a person
 * or a check throws ends the story and is a finding too (E150).
 */
export const simulate = async (story: Story, options: Options = {}): Promise<Ending> => {
  const { tamper = (world) => world, without = [], trace } = options;
  const { seed, drivers, passengers, operators } = story;
  const names = [...drivers, ...passengers, ...operators];
  await signTokens([REPAIRER, ...names]);
  const schedule = openSchedule();
  const memory = memoryDatabase(without);
  register(memory, story);
  const log = readWritten(memory);
  const digest = openDigest();
  const findings: Finding[] = [];
  const find = (law: string, what: string): void => void findings.push({ law, what, at: schedule.now() });

  const say = trace && ((line: string) => trace(`${(schedule.now() / 1_000).toFixed(3)} s  ${line}`));
  let written = 0;
  const committed = (): void => {
    const rows = log.all();
    if (say) for (const row of rows.slice(written)) say(`row ${JSON.stringify(row)}`);
    written = rows.length;
  };
  const database = openDatabase(schedule, seeded(seed, "database"), memory, committed);
  const servers = openServers({
    watch: (world, newest) => ({
      ...world,
      log: watchCandidates(world.log, newest, log, schedule.now, find),
    }),
    story,
    schedule,
    database,
    tamper,
    died: (machine) => network.died(machine),
    alarm: (line) => {
      const law = lawOfAlarm(line, database.unreadable.hit);
      if (law !== null) find(law, `the server says: ${line}`);
    },
  });
  const hearing = openHearing(log, digest, find, say);
  const network = openNetwork({ schedule, servers, random: seeded(seed, "network"), ...hearing });

  const began = process.cpuUsage();
  const uncaught = watchUncaught();
  try {
    await Promise.race([
      play({ story, schedule, memory, log, servers, database, network, digest, find }),
      uncaught.thrown,
    ]);
  } catch (error) {
    find("E150", whereThrown(error));
  } finally {
    schedule.stop();
    uncaught.release();
  }
  const { user, system } = process.cpuUsage(began);

  return {
    findings,
    digest: digest.value(),
    cpuMs: (user + system) / 1_000,
    counts: {
      simulatedMs: schedule.now(),
      events: schedule.events(),
      rows: log.all().length,
      trips: [...memory.markets.values()].reduce((sum, { tables }) => sum + tables.trips.size, 0),
      servers: servers.started(),
      people: names.length,
      ...hearing.counts,
    },
  };
};

/** Null: what a server may say in trouble that is not of its making. */
const lawOfAlarm = (line: string, hit: (actor: string) => boolean): "E1" | "E6" | "M60" | null => {
  const {
    msg,
    error,
    sqlstate,
    actor = "",
  } = JSON.parse(line) as Partial<Record<"msg" | "error" | "sqlstate" | "actor", string>>;
  if (msg === "the log refused rows as data") return sqlstate === ON_PURPOSE ? null : "E6";
  if (msg === "an actor is in quarantine") return hit(actor) ? null : "M60";
  return msg === "a request failed midway" && error === "Error: the database is gone" ? null : "E1";
};

const register = (memory: ReturnType<typeof memoryDatabase>, { drivers, passengers }: Story): void => {
  const person = (name: string) => ({
    email: `${name}@example.org`,
    phoneNumber: null,
    firstName: name,
    lastName: null,
    createdAt: ms(0),
  });
  for (const name of drivers)
    memory.drivers.set(name, {
      driverId: driverId(name),
      vehicleType: "standard",
      licensePlate: name,
      ...person(name),
    });
  for (const name of passengers)
    memory.passengers.set(name, { passengerId: passengerId(name), ...person(name) });
};
