import type { Connection } from "../../src/session/connection.ts";
import type { Socket, SocketHandlers } from "../../src/socket/port.ts";
import type { Air } from "./air.ts";
import type { Machine } from "./machine.ts";
import type { Schedule } from "./schedule.ts";
import type { Running, Servers } from "./servers.ts";
import type { WebSocketLike } from "../../src/client/connection.ts";
import { requestOf } from "./request.ts";
import { roleOf } from "./tokens.ts";
import { transportLimits } from "../../src/limits.ts";

export interface Wires {
  readonly machine: Machine;
  /** The server's end goes with its process. */
  breakOff(): void;
}

/** The newest connection of somebody: what may happen to it from outside. */
export interface Held {
  /** It breaks, and both sides hear of it. */
  breakOff(): void;
  /** Its peer reads again. */
  drain(): void;
}

interface Ports {
  readonly schedule: Schedule;
  readonly servers: Servers;
  readonly air: Air;
  readonly held: Held;
  /** Every open connection of everybody. */
  readonly all: Set<Wires>;
  /** A frame that the server says to them. */
  readonly said: (to: string, session: object, frame: string | Uint8Array) => void;
  /** A frame that they say. */
  readonly says: (from: string, frame: string | Uint8Array) => void;
}

const ABNORMAL = 1_006;

/** Somebody's WebSocket, both ends of it: to the real client on one side, the real handlers on the other. */
export const socketsOf = (
  name: string,
  ports: Ports,
): new (url: string, protocols: string[]) => WebSocketLike => {
  const { schedule, servers, air, held, all } = ports;

  class SimulatedSocket implements WebSocketLike {
    binaryType = "blob";
    readonly #listeners: Record<
      string,
      ((event: { data?: unknown; code?: number; message?: string }) => void)[]
    > = {};
    #mine = true;
    #send: (frame: string | Uint8Array<ArrayBuffer>) => void = () => {};
    #hangUp: () => void = () => {};

    constructor(url: string, _protocols: string[]) {
      const path = new URL(url).pathname;
      const lost = (): void => void schedule.after(air.latencyMs(), () => this.#closed(ABNORMAL));
      schedule.after(air.latencyMs(), () => {
        const server = servers.current();
        if (air.is("away") || server === null || !this.#mine) return lost();
        const { machine } = server;
        /** The server may end before it has judged. */
        const waiting: Wires = { machine, breakOff: () => void (all.delete(waiting) && lost()) };
        all.add(waiting);
        machine.enter(() => this.#knock(path, server, () => all.delete(waiting)));
      });
    }
    addEventListener(type: string, listener: (event: object) => void): void {
      (this.#listeners[type] ??= []).push(listener);
    }
    send(frame: string | Uint8Array<ArrayBuffer>): void {
      if (!this.#mine) return;
      ports.says(name, frame);
      this.#send(frame);
      if (air.is("twice")) this.#send(frame);
    }
    close(): void {
      if (!this.#mine) return;
      this.#mine = false;
      this.#hangUp();
    }
    #tell(type: string, event: object): void {
      if (this.#mine) for (const listener of this.#listeners[type] ?? []) listener(event);
    }
    #closed(code: number): void {
      this.#tell("close", { code });
      this.#mine = false;
    }

    #knock(path: string, server: Running, judgedNow: () => void): void {
      const route = path.startsWith("/ws/admin") ? "/ws/admin" : `/ws/${roleOf(name)}/:id`;
      const handlers = server.assembled.sockets[route]!;
      const judged = handlers.upgrade(requestOf(name, "GET", path, { id: name }));
      const admit = (verdict: Awaited<typeof judged>): void => {
        if (!server.machine.alive()) return;
        judgedNow();
        if (verdict.is === "accept") return this.#open(server.machine, handlers, verdict.state);
        schedule.after(air.latencyMs(), () => {
          this.#tell("error", { message: `Unexpected server response: ${verdict.reply.status}` });
          this.#closed(ABNORMAL);
        });
      };
      if (judged instanceof Promise) void judged.then(admit);
      else admit(judged);
    }

    #open(machine: Machine, handlers: SocketHandlers<Connection>, state: Connection): void {
      let served = true;
      let lastDown = 0;
      let lastUp = 0;
      const down = (fn: () => void): void => {
        lastDown = Math.max(lastDown, schedule.now() + air.latencyMs());
        schedule.after(lastDown - schedule.now(), fn);
      };
      const serverCloses = (code: number): void => {
        if (!served) return;
        served = false;
        all.delete(wires);
        stopIdle();
        handlers.closed(socket, code);
      };
      const wires: Wires = {
        machine,
        breakOff: () => {
          served = false;
          all.delete(wires);
          stopIdle();
          down(() => void (air.is("stuck") || this.#closed(ABNORMAL)));
        },
      };
      let slow = false;
      let heardAt = schedule.now();
      const idleMs = transportLimits.idleTimeoutS * 1_000;
      /** Pings that nobody answers: only a connection in trouble can be that silent. */
      const listen = (): (() => void) =>
        schedule.after(idleMs / 2, () =>
          machine.enter(() => {
            if (!served) return;
            if (!air.is("stuck")) heardAt = schedule.now();
            if (schedule.now() - heardAt > idleMs) serverCloses(ABNORMAL);
            else stopIdle = listen();
          }),
        );
      let stopIdle = listen();

      const socket: Socket<Connection> = {
        state,
        get open() {
          return served;
        },
        send: (frame) => {
          if (!served || !machine.step()) return "sent";
          if (air.is("deaf")) {
            slow = true;
            return "slow";
          }
          ports.said(name, this, frame);
          const lost = air.is("stuck");
          const data = typeof frame === "string" ? frame : new Uint8Array(frame).buffer;
          down(() => {
            if (!lost && !air.is("stuck")) this.#tell("message", { data });
          });
          return "sent";
        },
        buffered: () => 0,
        close: (code) => {
          if (!served || !machine.step()) return;
          down(() => void (air.is("stuck") || this.#closed(code)));
          serverCloses(code);
        },
      };
      this.#send = (frame) => {
        const bytes = typeof frame === "string" ? new TextEncoder().encode(frame) : frame;
        if (air.is("stuck")) return;
        lastUp = Math.max(lastUp, schedule.now() + air.latencyMs());
        schedule.after(lastUp - schedule.now(), () => {
          if (air.is("stuck")) return;
          machine.enter(() => {
            heardAt = schedule.now();
            if (served) handlers.message(socket, bytes, typeof frame !== "string");
          });
        });
      };
      this.#hangUp = () => {
        if (air.is("stuck")) return;
        schedule.after(air.latencyMs(), () => machine.enter(() => serverCloses(1_000)));
      };
      held.breakOff = () => {
        if (!served && !this.#mine) return;
        this.#closed(ABNORMAL);
        machine.enter(() => serverCloses(ABNORMAL));
      };
      held.drain = () => {
        if (served && slow) machine.enter(() => handlers.drained?.(socket));
        slow = false;
      };
      all.add(wires);
      if (this.#mine) handlers.opened(socket);
      else serverCloses(ABNORMAL);
    }
  }

  return SimulatedSocket;
};
