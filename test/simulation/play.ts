import { type Everybody, checkBeliefs, checkMisses } from "./beliefs.ts";
import { checkEnds, checkReplay, checkRows } from "./laws.ts";
import { happen, heal } from "./happen.ts";
import { type MemoryDatabase, openMemoryLog } from "../fixtures/memory-log/open-memory-log.ts";
import type { Digest } from "./digest.ts";
import type { Phone, openNetwork } from "./network.ts";
import type { Schedule } from "./schedule.ts";
import type { Servers } from "./servers.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";
import { type Story, somewhere } from "./story.ts";
import type { TripState } from "../../machines/context.ts";
import type { Written } from "./written.ts";
import { QUARANTINED } from "../../src/market/sound.ts";
import { REPAIRER } from "./repairer.ts";
import { seeded } from "../../bench/city/random.ts";
import { startDriver } from "./driver.ts";
import { startOperator } from "./operator.ts";
import { startPassenger } from "./passenger.ts";
import { tokenOf } from "./tokens.ts";
import { tripLive } from "../../machines/trip-facts.ts";

/** The world that a story is played in, before anything has happened. */
export interface Stage {
  readonly story: Story;
  readonly schedule: Schedule;
  readonly memory: MemoryDatabase;
  readonly log: Written;
  readonly servers: Servers;
  readonly database: SimulatedDatabase;
  readonly network: ReturnType<typeof openNetwork>;
  readonly digest: Digest;
  readonly find: (law: string, what: string) => void;
}

/** By then everything that can end has ended: two searches, and a ride or two. */
const ALL_ENDS_MS = 300_000;
const QUIET_MS = 5_000;
const FIRST_LOOK_MS = 15_000;

/** Lets everything happen that the story tells, until all has healed and been quiet, and holds the laws to it. */
export const play = async (stage: Stage): Promise<void> => {
  const { story, schedule, memory, servers, database, network } = stage;
  const phones = new Map(namesOf(story).map((name) => [name, network.phone(name)]));
  servers.start();
  const everybody = startEverybody(stage, phones);
  const people = [...everybody.drivers, ...everybody.passengers, ...everybody.operators];
  const world = { servers, database, phones, repairer: network.phone(REPAIRER), schedule };
  for (const act of story.acts)
    schedule.after(act.at, () => people.find(({ name }) => name === act.who)!.does(act));
  for (const fault of story.faults) schedule.after(fault.at, () => happen(world, fault));

  await schedule.run(story.healAt);
  heal(world);
  for (const person of people) person.behave();
  const quarantined = () =>
    [...memory.markets.values()].flatMap(({ tables }) =>
      [...tables.actors.values()].filter(({ value }) => value === QUARANTINED),
    );
  const over = (): boolean =>
    quarantined().length === 0 &&
    [...memory.markets.values()].every(({ tables }) =>
      [...tables.trips.values()].every(({ state }) => !tripLive(state as TripState)),
    );
  await schedule.run(story.healAt + FIRST_LOOK_MS);
  while (!over() && schedule.now() < story.healAt + ALL_ENDS_MS) await schedule.run(schedule.now() + 2_000);
  await schedule.run(schedule.now() + QUIET_MS);

  for (const { id } of quarantined()) stage.find("E155", `${id} is still in quarantine`);
  await judge(stage, everybody, phones);
  for (const person of people) person.close();
};

const namesOf = ({ drivers, passengers, operators }: Story): string[] => [
  ...drivers,
  ...passengers,
  ...operators,
];

const startEverybody = ({ story, schedule, find }: Stage, phones: ReadonlyMap<string, Phone>): Everybody => {
  const { seed, drivers, passengers, operators } = story;
  const clock = { monotonic: schedule.now, wall: () => 0, after: schedule.after };
  const handsOf = (name: string) => ({
    name,
    phone: phones.get(name)!,
    clock,
    random: seeded(seed, "person", name),
    token: tokenOf(name),
    find,
  });
  const abroad = story.markets === 2;
  return {
    drivers: drivers.map((name) => startDriver(handsOf(name), somewhere(seeded(seed, "home", name), abroad))),
    passengers: passengers.map((name) => startPassenger(handsOf(name), abroad)),
    operators: operators.map((name) => startOperator(handsOf(name))),
  };
};

const judge = async (
  { story, log, memory, digest, find }: Stage,
  everybody: Everybody,
  phones: ReadonlyMap<string, Phone>,
): Promise<void> => {
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
};
