import { type Assembled, type World, assemble } from "../../src/assemble.ts";
import { BEGINNING, type Machine, openMachine } from "./machine.ts";
import { BORDER_LAT, CENTRE, type Story } from "./story.ts";
import type { HttpReply, HttpRequest, Route } from "../../src/socket/port.ts";
import type { Newest } from "./candidates.ts";
import type { MarketSpec } from "../../src/market-file.ts";
import type { Schedule } from "./schedule.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";
import { createTokens } from "../../src/session/tokens.ts";
import { defaultLimits } from "../../src/limits.ts";
import { openAdmission } from "../../src/admission.ts";
import { defaultPolicy } from "../../src/default-policy.ts";
import { ms } from "../../src/domain/time.ts";
import { pino } from "pino";
import { routesOf } from "../../src/http/routes.ts";
import { SECRET } from "./tokens.ts";

/** A server that listens. */
export interface Running {
  readonly machine: Machine;
  /** The so many-th that was started. */
  readonly nth: number;
  readonly assembled: Assembled;
  call(name: string, request: HttpRequest): HttpReply | Promise<HttpReply>;
}

/** Whoever serves now, and who starts the next one when it dies. */
export interface Servers {
  /** Null: nobody listens. */
  current(): Running | null;
  start(): void;
  crash(when: "now" | "commit" | number, downMs: number): void;
  standStill(forMs: number): void;
  /** Another server takes the markets; the one that had them learns it from the log. */
  steal(): void;
  moveWallClock(byMs: number): void;
  /** Nobody dies any more of what was planned before. */
  heal(): void;
  /** So many servers there were. */
  readonly started: () => number;
}

/** What may be changed in a server before it starts: to prove that the simulation notices. */
export type Tamper = (world: World) => World;

interface Ports {
  readonly story: Story;
  readonly schedule: Schedule;
  readonly database: SimulatedDatabase;
  readonly tamper: Tamper;
  /** Looks at what a server asks of its world. */
  readonly watch: (world: World, newest: Newest) => World;
  /** A server is gone, and all its sockets. */
  readonly died: (machine: Machine) => void;
  /** The server says that something impossible happened. */
  readonly alarm: (what: string) => void;
}

/** A supervisor starts a server again after so long. */
const RESTART_MS = 1_000;

export const openServers = (ports: Ports): Servers => {
  const { story, schedule, database } = ports;
  let current: Running | null = null;
  let newest: Machine | null = null;
  let wallOffset = BEGINNING;
  let ids = 0;
  let started = 0;

  const start = (): void => {
    const machine = openMachine(
      schedule,
      () => Math.floor(wallOffset + schedule.now()),
      () => {
        if (current?.machine === machine) current = null;
        ports.died(machine);
      },
    );
    newest = machine;
    const nth = ++started;
    const startAgain = (afterMs: number): void => {
      if (newest === machine) schedule.after(afterMs, start);
    };
    let assembled: Assembled | null = null;
    const stateOf: Newest = (market, id) =>
      assembled?.places
        .find(({ place }) => place.market.id === market)
        ?.place.market.peek({ kind: "driver", id })?.state;
    const real: World = {
      clock: machine.clock,
      newId: () => `x${++ids}`,
      log: database.connect(machine),
      logger: loggerOf(ports.alarm),
      loopLagMs: () => 0,
      laws: { breaks: () => ({}), unread: () => ({}), lookedAtS: () => 0 },
      transport: "uws",
    };
    const world = ports.tamper(ports.watch(real, stateOf));
    const settings = {
      markets: marketsOf(story),
      admission: openAdmission(defaultLimits, machine.clock),
      tokens: createTokens({ secret: SECRET }, world.clock.wall),
      secret: SECRET,
      corsOrigins: [],
      map: { tiles: null, roads: null },
      fenced: () => {
        machine.die(); // M32
        startAgain(RESTART_MS);
      },
    };
    assemble(world, settings).then(
      (made) => {
        if (!machine.alive()) return;
        assembled = made;
        // Who was slower than one started after it has lost the markets, or will: everybody is led to the newest.
        if (current !== null && current.nth > nth) return;
        const routes = routesOf(made.http, { metrics: true });
        current = {
          machine,
          nth,
          assembled: made,
          call: (name, request) => (routes[name] as Route)(request),
        };
      },
      () => {
        machine.die();
        startAgain(RESTART_MS);
      },
    );
  };

  return {
    current: () => current,
    start,
    crash(when, downMs) {
      const machine = newest;
      if (machine === null || !machine.alive()) return;
      if (when === "now") machine.die();
      else if (when === "commit") database.killAtCommit(machine);
      else machine.dieIn(when);
      // However it dies, and if it is a little later: somebody starts it again.
      const restart = (): void => {
        if (newest !== machine) return;
        if (machine.alive()) schedule.after(downMs, restart);
        else start();
      };
      schedule.after(downMs, restart);
    },
    standStill(forMs) {
      newest?.standStill(forMs);
    },
    steal: start,
    moveWallClock(byMs) {
      wallOffset += byMs;
    },
    heal() {
      newest?.dieIn(Infinity);
    },
    started: () => started,
  };
};

/** Only what is an alarm; the rest is for people. */
const loggerOf = (alarm: Ports["alarm"]) =>
  pino({ level: "error" }, { write: (line) => alarm(line.trimEnd()) });

/** A town where everything goes faster than in real ones, so that a story is short. */
const policy = {
  ...defaultPolicy,
  trip: {
    ...defaultPolicy.trip,
    searchMs: ms(60_000),
    redispatchSearchMs: ms(45_000),
    cancelFreeMs: ms(10_000),
    cancelFee: 300,
    lateMs: ms(30_000),
  },
  driver: { missesToPause: 3, lostOfflineMs: ms(40_000) },
  leaveMs: ms(8_000),
};

const marketsOf = ({ markets }: Story): MarketSpec[] => {
  const named = { currency: "TJS", timeZone: "Asia/Dushanbe", policy } as const;
  const [west, east] = [CENTRE.lng - 0.5, CENTRE.lng + 0.5];
  const city: MarketSpec = {
    id: "city",
    name: "City",
    ...named,
    area: {
      polygon: [
        { lat: 38.2, lng: west },
        { lat: 38.2, lng: east },
        { lat: BORDER_LAT, lng: east },
        { lat: BORDER_LAT, lng: west },
      ],
    },
  };
  const country: MarketSpec = { id: "country", name: "Country", ...named, area: null };
  return markets === 2 ? [city, country] : [country];
};
