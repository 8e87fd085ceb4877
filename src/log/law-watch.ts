import {
  type Breaks,
  NONE,
  type Walk,
  atOneMoment,
  mostOf,
  placesOf,
  standingBreaks,
  step,
  sumOf,
  walkFromBirth,
  walkFromNow,
} from "./invariants.ts";
import { type Sql, connect } from "./connect.ts";
import type { MarketId } from "../domain/ids.ts";
import { ms } from "../domain/time.ts";

/** Rows that one look reads at most, an equal share of each market. */
const ROWS_A_LOOK = 20_000;
const LOOK_MS = ms(10_000);

/** What is known after a look. */
export interface Seen {
  /** By law, as far as was read: what `countBreaks` counts, once nothing is left. */
  readonly breaks: Breaks;
  /** Rows to be read: `recent` ones for the first time, `older` ones of this pass through the log. */
  readonly left: { readonly recent: number; readonly older: number };
}

/** Looks for broken laws while the server runs. */
export interface LawWatch {
  /** Rejects when Postgres does not answer in time. */
  look(): Promise<Seen>;
  close(): Promise<void>;
}

/**
 * The laws of the doctor for little: a look counts what stands beside the rows, reads the rows that came since the last
 * look, and with what is left of its 20,000 goes on with older ones, from the first to the newest and over again. So what
 * breaks now is known at once, and what broke before, was changed, or was mended, in the end (E157).
 */
export const openLawWatch = (url: string): LawWatch => {
  const client = connect(url, { max: 1 });
  const readings = new Map<MarketId, Reading>();

  const look = async (sql: Sql): Promise<Seen> => {
    const places = await placesOf(sql);
    const found = [await standingBreaks(sql)];
    const left = { recent: 0, older: 0 };
    for (const { id, position } of places) {
      const known = readings.get(id);
      // Rows that are no more were taken back by somebody's hand: nothing is known of this log.
      const goesOn = known !== undefined && known.recent.position <= position;
      const before = goesOn ? renewed(known) : await beginAt(sql, id, position);
      const reading = await readOn(sql, before, position, Math.ceil(ROWS_A_LOOK / places.length));
      readings.set(id, reading);
      found.push(breaksOf(reading));
      left.recent += position - reading.recent.position;
      left.older += reading.until - reading.older.position;
    }
    return { breaks: sumOf(...found), left };
  };
  return { look: () => atOneMoment(client, look, LOOK_MS), close: client.close };
};

/** One walk follows the rows that come, another reads those before it. */
interface Reading {
  readonly recent: Walk;
  readonly older: Walk;
  /** Where `recent` began and `older` ends. */
  readonly until: number;
  /** What the last pass through the log found, until this one is over. */
  readonly before: Breaks;
}

const beginAt = async (sql: Sql, market: MarketId, position: number): Promise<Reading> => ({
  recent: await walkFromNow(sql, market, position),
  older: walkFromBirth(market),
  until: position,
  before: NONE,
});

/** All was read: once more from the first row on. */
const renewed = (reading: Reading): Reading => {
  const { recent, older, until } = reading;
  if (older.position < until) return reading;
  return {
    recent: { ...recent, breaks: NONE },
    older: walkFromBirth(recent.market),
    until: recent.position,
    before: breaksOf(reading),
  };
};

const readOn = async (sql: Sql, reading: Reading, position: number, most: number): Promise<Reading> => {
  const { recent, older, until } = reading;
  const to = Math.min(position, recent.position + most);
  const rest = most - (to - recent.position);
  return {
    ...reading,
    recent: await step(sql, recent, to),
    older: await step(sql, older, Math.min(until, older.position + rest)),
  };
};

const breaksOf = ({ recent, older, until, before }: Reading): Breaks =>
  sumOf(recent.breaks, older.position < until ? mostOf(older.breaks, before) : older.breaks);
