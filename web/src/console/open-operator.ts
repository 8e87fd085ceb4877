import { type AdminClient, openAdmin } from "../../../src/client/admin-client.ts";
import { type ConsoleEvent, type ConsoleState, type Row, consoleAfter, nothingYet } from "./console-model.ts";
import { type Store, createStore } from "../app/store.ts";
import { followNetwork } from "../app/follow-network.ts";
import type { NewestEvents } from "../../../src/protocol/story-bodies.ts";
import type { SignedOut } from "./session.ts";
import { openHttp } from "../../../src/client/http.ts";

/** An operator who is signed in: what they see, and what they can ask for. */
export interface Operator {
  readonly store: Store<ConsoleState, ConsoleEvent>;
  readonly client: AdminClient;
  readonly http: ReturnType<typeof openHttp>;
  close(): void;
}

/** The log may commit hundreds of rows a second; nobody reads faster than this. */
const ROWS_EVERY_MS = 250;
const ROWS_READ = 200;

/** Over HTTP times are ISO 8601. */
const byUnixMs = (row: NewestEvents["items"][number]): Row => ({ ...row, at: Date.parse(row.at) });

export const openOperator = (token: string, signedOut: (why: SignedOut) => void): Operator => {
  const store = createStore(nothingYet, consoleAfter);
  const http = openHttp({ url: location.origin, token: () => token });
  const fresh: Row[] = [];
  const telling = setInterval(() => {
    const rows = fresh.splice(0);
    if (rows.length > 0) store.tell({ type: "rows", rows });
  }, ROWS_EVERY_MS);

  /** A browser is not told why its upgrade was refused, so a call asks for it. */
  const ask = async (): Promise<void> => {
    const result = await http.drivers({ limit: 1 });
    if (result.is !== "refused" || (result.status !== 401 && result.status !== 403)) return;
    client.close();
    signedOut(
      result.status === 403 ? "forbidden" : result.error.code === "token_expired" ? "expired" : "refused",
    );
  };
  /** B112: what the log had before, and what it took while the link was broken. */
  const readNewest = async (): Promise<void> => {
    const result = await http.newestEvents(ROWS_READ);
    if (result.is !== "ok") return;
    store.tell({ type: "rows", rows: result.body.items.map(byUnixMs) });
  };
  const client = openAdmin(
    {
      WebSocket,
      url: location.origin.replace(/^http/, "ws"),
      token: () => token,
      lost: () => {
        store.tell({ type: "lost" });
        void ask();
      },
      ended: (code) => {
        if (code === 4001) signedOut("expired");
      },
    },
    {
      welcomed: () => {
        store.tell({ type: "ready" });
        void readNewest();
      },
      stats: store.tell,
      orders: store.tell,
      drivers: store.tell,
      cells: store.tell,
      log: (row) => fresh.push(row),
    },
  );
  client.subscribe(["stats", "orders", "log"]);
  const unfollow = followNetwork(client, () => store.tell({ type: "lost" }));
  return {
    store,
    client,
    http,
    close() {
      clearInterval(telling);
      unfollow();
      client.close();
    },
  };
};
