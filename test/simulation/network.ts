import { type Held, type Wires, socketsOf } from "./simulated-socket.ts";
import type { HttpReply } from "../../src/socket/port.ts";
import { type Air, openAir } from "./air.ts";
import { type Ask, call } from "./simulated-call.ts";
import type { Machine } from "./machine.ts";
import type { Schedule } from "./schedule.ts";
import type { Servers } from "./servers.ts";
import type { WebSocketLike } from "../../src/client/connection.ts";

/** One user's way to the server: a phone's or a browser's. */
export interface Phone {
  readonly WebSocket: new (url: string, protocols: string[]) => WebSocketLike;
  /** Null: no answer came. */
  call(ask: Ask): Promise<HttpReply | null>;
  /** Every open connection breaks, and both sides hear of it. */
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

interface Ports {
  readonly schedule: Schedule;
  readonly servers: Servers;
  readonly random: () => number;
  /** A frame that the server says to them, and one that they say. */
  readonly said: (to: string, session: object, frame: string | Uint8Array) => void;
  readonly says: (from: string, frame: string | Uint8Array) => void;
  /** An answer of HTTP to a request with this key, about this trip if it names one. */
  readonly replied: (to: string, key: string, reply: HttpReply, about: string | undefined) => void;
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
  const calls = new Set<Wires>();
  const breakOff = (): void => {
    held.breakOff();
    for (const wires of calls) wires.breakOff();
  };
  return {
    WebSocket: socketsOf(name, { ...ports, air, held, all }),
    call: (ask) => call(name, { ...ports, air, calls, all }, ask),
    cut: breakOff,
    halfOpen(forMs) {
      air.trouble("stuck", forMs);
      schedule.after(forMs, breakOff);
    },
    noNetwork(forMs) {
      air.trouble("away", forMs);
      breakOff();
    },
    lag: (forMs, ms) => air.trouble("lag", forMs, ms),
    doesNotRead(forMs) {
      air.trouble("deaf", forMs);
      schedule.after(forMs, () => held.drain());
    },
    saysTwice: (forMs) => air.trouble("twice", forMs),
    heal() {
      if (air.is("stuck")) breakOff();
      air.heal();
      held.drain();
    },
    troubles: air.troubles,
  };
};
