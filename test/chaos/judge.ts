import type { Belief } from "../../bench/city/people/driver.ts";
import type { Tally } from "../../bench/city/tally.ts";
import { checkLog } from "../../bench/city/server/log-check.ts";
import { connect } from "../../src/log/connect.ts";
import { explainDifference } from "../../src/replay/explain.ts";
import { meaning } from "../../src/meaning.ts";
import { openReadOnly } from "../../src/log/read-only.ts";
import { verifyMarket } from "../../src/replay/verify-market.ts";

/** What was promised and is not so, each in words. All are empty where nobody was lied to. */
export interface Findings {
  /** Acknowledged commands that are not in the log as promised. */
  readonly lost: readonly string[];
  /** Commands done twice. */
  readonly doubled: readonly string[];
  /** Holes in the log, or in what an app was told. */
  readonly gaps: readonly string[];
  /** Log, actor rows, lists, claims and apps that do not say the same. */
  readonly diverged: readonly string[];
  /** Trips that neither ended nor will. */
  readonly stuck: readonly string[];
  /** Other laws broken, and what must not happen between a correct client and a correct server. */
  readonly broken: readonly string[];
}

export const nothing: Findings = { lost: [], doubled: [], gaps: [], diverged: [], stuck: [], broken: [] };

/** Holds a server that has ended to what its people were told: `tally`, and what each driver's app shows at last. */
export const judge = async (
  url: string,
  { history, faults }: Tally,
  drivers: readonly Belief[],
): Promise<Findings> => {
  const log = await checkLog(url, history);
  const { I2 = 0, I4 = 0, ...laws } = log.invariants;
  const told = [...faults].map(([what, times]) => `${what} (${times} times)`);
  const outOfOrder = told.filter((what) => what.includes("(I2)"));
  const rest = Object.entries(laws).filter(([, breaks]) => breaks > 0);
  return {
    lost: log.lost,
    doubled: [...log.doubled, ...counted(I4, "commands with two rows (I4)")],
    gaps: [...counted(I2, "rows out of order (I2)"), ...outOfOrder],
    diverged: [...log.diverged, ...(await differences(url)), ...(await strayed(url, drivers))],
    stuck: counted(log.unended, "trips did not end"),
    broken: [
      ...rest.map(([law, breaks]) => `${law} is broken ${breaks} times`),
      ...told.filter((what) => !outOfOrder.includes(what)),
    ],
  };
};

const counted = (breaks: number, what: string): string[] => (breaks > 0 ? [`${breaks} ${what}`] : []);

/** Every turn decided again, and compared with all that is kept. */
const differences = async (url: string): Promise<string[]> => {
  const log = await openReadOnly(url);
  try {
    const found: string[] = [];
    for (const { id } of await log.history.markets())
      found.push(...(await verifyMarket(log.history, meaning, id)).first.map(explainDifference));
    return found;
  } finally {
    await log.close();
  }
};

/** Drivers whose app shows something else than the log says. */
const strayed = async (url: string, drivers: readonly Belief[]): Promise<string[]> => {
  const client = connect(url, { max: 1 });
  try {
    const rows = await client.run(
      (sql) => sql<{ id: string; status: string; tripId: string | null }[]>`
        select distinct on (id) id, status, trip_id from driver_status order by id, since desc`,
    );
    const logged = new Map(rows.map(({ id, status, tripId }) => [id, { status, tripId }]));
    return drivers.flatMap(({ driverId, forHire, orderId }) => {
      const { status = "unknown", tripId = null } = logged.get(driverId) ?? {};
      const works = status !== "offline" && status !== "paused" && status !== "unknown";
      return works === forHire && tripId === orderId
        ? []
        : [
            `the app of ${driverId} shows ${forHire ? "for hire" : "not for hire"} with ${orderId ?? "no order"}, the log says ${status} with ${tripId ?? "none"}`,
          ];
    });
  } finally {
    await client.close();
  }
};
