import { connect, type Client } from "../../../src/log/connect.ts";
import { countBreaks } from "../../../src/log/invariants.ts";
import type { History } from "../tally.ts";

/** What the log says of a city that has come to rest. */
export interface LogCheck {
  /** Breaks of each invariant: `{I1: 0, …}`. */
  readonly invariants: Readonly<Record<string, number>>;
  /** Acknowledged commands that are not in the log as promised (I8). */
  readonly lost: readonly string[];
  /** Commands with two rows, and passengers with more trips than they asked for: here everybody asks once (I4). */
  readonly doubled: readonly string[];
  /** What somebody was told and the log does not say (I11), in words. */
  readonly diverged: readonly string[];
  /** Trips that neither ended nor will. */
  readonly unended: number;
}

export const checkLog = async (url: string, history: History): Promise<LogCheck> => {
  const client = connect(url, { max: 1 });
  try {
    const { lost, twice, undone } = await checkCommands(client, history);
    const { doubled, elsewhere, unended } = await checkTrips(client, history);
    const invariants = await countBreaks(client);
    return {
      invariants,
      lost,
      doubled: [...twice, ...doubled],
      diverged: [...undone, ...elsewhere],
      unended,
    };
  } finally {
    await client.close();
  }
};

const checkCommands = async (client: Client, { acknowledged, refused }: History) => {
  const missing = new Map(acknowledged);
  const seen = new Set<string>();
  const twice: string[] = [];
  const undone: string[] = [];
  for (let [market, position] = [0, 0]; ;) {
    const page = await client.run(
      (sql) => sql<CommandRow[]>`
        select market, position, command_id, actor_id, seq from event
        where (market, position) > (${market}, ${position}) and command_id is not null
        order by market, position limit 10000`,
    );
    for (const { commandId, actorId, seq, position: at } of page) {
      // A stored id begins with its day: `20780:driver:ID:KEY`.
      const key = commandId.slice(commandId.indexOf(":") + 1);
      const promised = missing.get(key);
      if (promised?.orderId === actorId && promised.seq === seq) missing.delete(key);
      if (seen.has(key)) twice.push(`${key} is in the log once more, at position ${at}`);
      seen.add(key);
      if (refused.has(key)) undone.push(`${key} was refused and is in the log at position ${at}`);
    }
    const last = page.at(-1);
    if (last === undefined) return { lost: [...missing.keys()], twice, undone };
    ({ market, position } = last);
  }
};

interface CommandRow {
  readonly market: number;
  readonly position: number;
  readonly commandId: string;
  readonly actorId: string;
  readonly seq: number;
}

const checkTrips = async (client: Client, { shown }: History) => {
  const doubled: string[] = [];
  const elsewhere: string[] = [];
  const [passengers, orders] = [new Set<string>(), new Set<string>()];
  let unended = 0;
  for (let [id, market] = ["", 0]; ;) {
    const page = await client.run(
      (sql) => sql<TripRow[]>`
        select id, market, passenger_id, status, seq,
               status not in ('completed', 'cancelled', 'no_driver_found') as live from trip
        where (id, market) > (${id}, ${market}) order by id, market limit 10000`,
    );
    for (const trip of page) {
      if (trip.live) unended += 1;
      if (passengers.has(trip.passengerId)) doubled.push(trip.passengerId);
      passengers.add(trip.passengerId);
      orders.add(trip.id);
      const app = shown.get(trip.id);
      if (app === undefined) elsewhere.push(`no app ever showed ${trip.id} of ${trip.passengerId}`);
      else if (app.seq !== trip.seq || app.status !== trip.status)
        elsewhere.push(
          `the app of ${trip.passengerId} shows ${app.status} (${app.seq}) for ${trip.id}, the log says ${trip.status} (${trip.seq})`,
        );
    }
    const last = page.at(-1);
    if (last === undefined) break;
    ({ id, market } = last);
  }
  for (const order of shown.keys())
    if (!orders.has(order)) elsewhere.push(`an app shows ${order}, which is not in the log`);
  return { doubled, elsewhere, unended };
};

interface TripRow {
  readonly id: string;
  readonly market: number;
  readonly passengerId: string;
  readonly status: string;
  readonly seq: number;
  readonly live: boolean;
}
