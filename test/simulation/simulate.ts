import { type Everybody, checkBeliefs, checkMisses } from "./beliefs.ts";
import type { Story } from "./story.ts";
import { happen, heal } from "./happen.ts";
import type { Person } from "./people.ts";
import { type Tamper, openServers } from "./servers.ts";
import { checkEnds, checkReplay, checkRows } from "./laws.ts";
import { memoryDatabase, openMemoryLog } from "../fixtures/memory-log/open-memory-log.ts";
import { signTokens, tokenOf } from "./tokens.ts";
import { driverId, passengerId } from "../../src/domain/ids.ts";
import type { TripState } from "../../machines/context.ts";
import { tripLive } from "../../machines/trip-facts.ts";
import { ms } from "../../src/domain/time.ts";
import { ON_PURPOSE, openDatabase } from "./simulated-database.ts";
import { watchCandidates } from "./candidates.ts";
import { openDigest } from "./digest.ts";
import { openHearing } from "./hearing.ts";
import { openNetwork } from "./network.ts";
import { openSchedule } from "./schedule.ts";
import { readWritten } from "./written.ts";
import type { Guard } from "../fixtures/memory-log.ts";
import { seeded } from "../../bench/city/random.ts";
import { somewhere } from "./story.ts";
import { startDriver } from "./driver.ts";
import { startOperator } from "./operator.ts";
import { startPassenger } from "./passenger.ts";

/** A law that was broken, and how it showed. */
export interface Finding {
  readonly law: string;
  readonly what: string;
  /** Simulated milliseconds. */
  readonly at: number;
}

/** What became of a story. */
export interface Ending {
  readonly findings: readonly Finding[];
  /** Of the whole log and of every word that was said. */
  readonly digest: string;
  readonly counts: {
    readonly simulatedMs: number;
    readonly events: number;
    readonly rows: number;
    readonly trips: number;
    readonly servers: number;
    readonly people: number;
    readonly said: number;
    readonly acknowledged: number;
    readonly refused: number;
  };
}

/** By then everything that can end has ended: two searches, and a ride or two. */
const ALL_ENDS_MS = 300_000;
const QUIET_MS = 5_000;
const FIRST_LOOK_MS = 15_000;

export interface Options {
  /** Changes a server before it starts: to show that the simulation notices. */
  readonly tamper?: Tamper;
  /** What the database does not hold. */
  readonly without?: readonly Guard[];
  /** Every row as it is committed, and every word as it is said. */
  readonly trace?: (line: string) => void;
}

/** Plays a story from its first event to the quiet after it, and looks whether all laws held. */
export const simulate = async (story: Story, options: Options = {}): Promise<Ending> => {
  const { tamper = (world) => world, without = [], trace } = options;
  const { seed, drivers, passengers, operators, healAt } = story;
  const names = [...drivers, ...passengers, ...operators];
  await signTokens(names);
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
      const law = lawOfAlarm(line);
      if (law !== null) find(law, `the server says: ${line}`);
    },
  });
  const hearing = openHearing(log, digest, find, say);
  const network = openNetwork({ schedule, servers, random: seeded(seed, "network"), ...hearing });
  servers.start();

  const clock = { monotonic: schedule.now, wall: () => 0, after: schedule.after };
  const phones = new Map(names.map((name) => [name, network.phone(name)]));
  const handsOf = (name: string) => ({
    name,
    phone: phones.get(name)!,
    clock,
    random: seeded(seed, "person", name),
    token: tokenOf(name),
    find,
  });
  const abroad = story.markets === 2;
  const everybody: Everybody = {
    drivers: drivers.map((name) => startDriver(handsOf(name), somewhere(seeded(seed, "home", name), abroad))),
    passengers: passengers.map((name) => startPassenger(handsOf(name), abroad)),
    operators: operators.map((name) => startOperator(handsOf(name))),
  };
  const people: Person[] = [...everybody.drivers, ...everybody.passengers, ...everybody.operators];
  const world = { servers, database, phones };
  for (const act of story.acts)
    schedule.after(act.at, () => people.find(({ name }) => name === act.who)!.does(act));
  for (const fault of story.faults) schedule.after(fault.at, () => happen(world, fault));

  await schedule.run(healAt);
  heal(world);
  for (const person of people) person.behave();
  const over = (): boolean =>
    [...memory.markets.values()].every(({ tables }) =>
      [...tables.trips.values()].every(({ state }) => !tripLive(state as TripState)),
    );
  await schedule.run(healAt + FIRST_LOOK_MS);
  while (!over() && schedule.now() < healAt + ALL_ENDS_MS) await schedule.run(schedule.now() + 2_000);
  await schedule.run(schedule.now() + QUIET_MS);

  checkRows(log, find);
  checkEnds(log, find);
  checkBeliefs(log, everybody, find);
  const answered = everybody.drivers.flatMap((driver) => driver.answered);
  const restarted = (driver: string, from: number, until: number): boolean =>
    story.acts.some(
      (act) => act.does === "restart the app" && act.who === driver && act.at > from - 1 && act.at < until,
    );
  checkMisses(log, answered, phones, restarted, find);
  await checkReplay(openMemoryLog(memory).history, find);
  for (const row of log.all()) digest.take(JSON.stringify(row));
  for (const person of people) person.close();

  return {
    findings,
    digest: digest.value(),
    counts: {
      simulatedMs: schedule.now(),
      events: schedule.events(),
      rows: log.all().length,
      trips: [...memory.markets.values()].reduce((sum, { tables }) => sum + tables.trips.size, 0),
      servers: servers.started(),
      people: people.length,
      ...hearing.counts,
    },
  };
};

/** Null: what a server may say in trouble that is not of its making. */
const lawOfAlarm = (line: string): "E1" | "E6" | null => {
  const { msg, error, sqlstate } = JSON.parse(line) as { msg?: string; error?: string; sqlstate?: string };
  if (msg === "the log refused rows as data") return sqlstate === ON_PURPOSE ? null : "E6";
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
