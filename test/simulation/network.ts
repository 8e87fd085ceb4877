import { type Held, type Wires, socketsOf } from "./simulated-socket.ts";
import type { HttpReply } from "../../src/socket/port.ts";
import { type Air, openAir } from "./air.ts";
import type { Machine } from "./machine.ts";
import type { Schedule } from "./schedule.ts";
import type { Servers } from "./servers.ts";
import type { WebSocketLike } from "../../src/client/connection.ts";
import { requestOf } from "./request.ts";

/** One user's way to the server: a phone's or a browser's. */
export interface Phone {
  readonly WebSocket: new (url: string, protocols: string[]) => WebSocketLike;
  /** Null: no answer came. */
  call(method: "GET" | "POST", path: string, ask: Ask): Promise<HttpReply | null>;
  /** The open connection breaks, and both sides hear of it. */
  cut(): void;
  /** Whatever is sent is lost, and nobody hears of it until it ends; then the connection is broken. */
  halfOpen(forMs: number): void;
  /** The connection breaks and no other comes about. */
  noNetwork(forMs: number): void;
  lag(forMs: number, ms: number): void;
  doesNotRead(forMs: number): void;
  saysTwice(forMs: number): void;
  heal(): void;
  readonly troubles: Air["troubles"];
}

interface Ask {
  /** Idempotency-Key. */
  readonly key?: string;
  readonly body?: object;
}

interface Ports {
  readonly schedule: Schedule;
  readonly servers: Servers;
  readonly random: () => number;
  /** A frame that the server says to them, and one that they say. */
  readonly said: (to: string, session: object, frame: string | Uint8Array) => void;
  readonly says: (from: string, frame: string | Uint8Array) => void;
}

/** Everybody's connections; frames of one keep their order, those of different ones do not. */
export const openNetwork = (ports: Ports) => {
  const all = new Set<Wires>();
  return {
    phone: (name: string): Phone => openPhone(name, ports, all),
    /** A process ended: the kernel closes its sockets. */
    died(machine: Machine): void {
      for (const wires of all) if (wires.machine === machine) wires.breakOff();
    },
  };
};

const openPhone = (name: string, ports: Ports, all: Set<Wires>): Phone => {
  const { schedule } = ports;
  const air = openAir(schedule, ports.random);
  const held: Held = { breakOff: () => {}, drain: () => {} };
  return {
    WebSocket: socketsOf(name, { ...ports, air, held, all }),
    call: (method, path, ask) => call(name, ports, air, `${method} ${path}`, ask),
    cut: () => held.breakOff(),
    halfOpen(forMs) {
      air.trouble("stuck", forMs);
      schedule.after(forMs, () => held.breakOff());
    },
    noNetwork(forMs) {
      air.trouble("away", forMs);
      held.breakOff();
    },
    lag: (forMs, ms) => air.trouble("lag", forMs, ms),
    doesNotRead(forMs) {
      air.trouble("deaf", forMs);
      schedule.after(forMs, () => held.drain());
    },
    saysTwice: (forMs) => air.trouble("twice", forMs),
    heal() {
      if (air.is("stuck")) held.breakOff();
      air.heal();
      held.drain();
    },
    troubles: air.troubles,
  };
};

const TIMEOUT_MS = 10_000;

/** A request by HTTP, on a connection of its own. */
const call = (
  name: string,
  { schedule, servers }: Ports,
  air: Air,
  what: string,
  { key, body }: Ask,
): Promise<HttpReply | null> =>
  new Promise((resolve) => {
    const end = (reply: HttpReply | null): void => void schedule.after(air.latencyMs(), () => resolve(reply));
    schedule.after(TIMEOUT_MS, () => resolve(null));
    schedule.after(air.latencyMs(), () => {
      const server = servers.current();
      if (air.is("away") || server === null) return end(null);
      if (air.is("stuck")) return;
      server.machine.enter(() => {
        const [method, path] = what.split(" ") as [string, string];
        const [, id] = /^\/trips\/([^/]+)/.exec(path) ?? [];
        const route = id === undefined ? what : what.replace(id, ":id");
        const headers = key === undefined ? {} : { "idempotency-key": key };
        const answered = (reply: HttpReply): void => {
          if (server.machine.step()) end(air.is("away") || air.is("stuck") ? null : reply);
        };
        const params = id === undefined ? {} : { id };
        const reply = server.call(route, requestOf(name, method, path, params, headers, body));
        if (reply instanceof Promise) void reply.then(answered);
        else answered(reply);
      });
    });
  });
