import type { Air } from "./air.ts";
import type { HttpReply } from "../../src/socket/port.ts";
import type { Schedule } from "./schedule.ts";
import type { Servers } from "./servers.ts";
import type { Wires } from "./simulated-socket.ts";
import { requestOf } from "./request.ts";

export interface Ask {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Idempotency-Key. */
  readonly key?: string;
  readonly body?: object;
  /** The connection breaks between the answer and whoever waits for it. */
  readonly unheard?: boolean;
}

interface Ports {
  readonly schedule: Schedule;
  readonly servers: Servers;
  readonly air: Air;
  /** Their open calls, and every open connection of everybody. */
  readonly calls: Set<Wires>;
  readonly all: Set<Wires>;
  readonly replied: (to: string, key: string, reply: HttpReply, about: string | undefined) => void;
}

const TIMEOUT_MS = 10_000;

/** A request by HTTP, on a connection of its own; sent twice it has two of them, and the first answer counts. Null: none. */
export const call = (name: string, ports: Ports, ask: Ask): Promise<HttpReply | null> =>
  new Promise((resolve) => {
    ports.schedule.after(TIMEOUT_MS, () => resolve(null));
    send(name, ports, ask, resolve);
    if (ports.air.is("twice")) send(name, ports, ask, resolve);
  });

const send = (
  name: string,
  { schedule, servers, air, calls, all, replied }: Ports,
  { method, path, key, body, unheard }: Ask,
  heard: (reply: HttpReply | null) => void,
): void => {
  const end = (reply: HttpReply | null): void => void schedule.after(air.latencyMs(), () => heard(reply));
  schedule.after(air.latencyMs(), () => {
    const server = servers.current();
    if (air.is("away") || server === null) return end(null);
    if (air.is("stuck")) return;
    const { machine } = server;
    const wires: Wires = {
      machine,
      breakOff() {
        closed();
        heard(null);
      },
    };
    const closed = (): void => {
      for (const open of [calls, all]) open.delete(wires);
    };
    for (const open of [calls, all]) open.add(wires);
    machine.enter(() => {
      const [, trip] = /^\/trips\/([^/]+)/.exec(path) ?? [];
      const [, kind, actor] = /^\/quarantine\/([^/]+)\/([^/]+)/.exec(path) ?? [];
      const params = kind ? { kind, id: actor! } : trip ? { id: trip } : {};
      let route = `${method} ${path}`;
      for (const [name, value] of Object.entries(params)) route = route.replace(`/${value}`, `/:${name}`);
      const headers = key === undefined ? {} : { "idempotency-key": key };
      const answered = (reply: HttpReply): void => {
        if (!machine.step()) return;
        closed();
        if (key !== undefined) replied(name, key, reply, trip);
        end(unheard || air.is("away") || air.is("stuck") ? null : reply);
      };
      const reply = server.call(route, requestOf(name, method, path, params, headers, body));
      if (reply instanceof Promise) void reply.then(answered);
      else answered(reply);
    });
  });
};
