import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Unpackr } from "msgpackr";
import { WebSocketServer, type WebSocket } from "ws";
import { encodeFrame } from "../../src/protocol/frame.ts";

/** What a client sent, whatever its type. */
export interface Said {
  readonly type: string;
  readonly id: string;
  readonly [field: string]: unknown;
}

/** One connection of a client, as the script of a test sees it. */
export interface Caller {
  readonly protocols: readonly string[];
  /** How many messages came. */
  readonly heard: number;
  /** Resolves when whatever was sent before has come. */
  roundTrip(): Promise<unknown>;
  /** The next message; pings in the compact form are left out. */
  hear(): Promise<Said>;
  say(message: object): void;
  ack(command: Said, more?: object): void;
  /** As a network does: no goodbye. */
  drop(): void;
  close(code: number): void;
}

/** A WebSocket server whose lines are written by the test: real sockets, real frames. */
export interface ScriptedServer {
  readonly url: string;
  /** The next connection, not yet welcomed. */
  call(): Promise<Caller>;
  readonly calls: number;
  close(): void;
}

/** `refuse`: the HTTP status of every upgrade; 101 accepts. */
export const scriptedServer = async (refuse = 101): Promise<ScriptedServer> => {
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    handleProtocols: () => "dg.v1",
    verifyClient: (_, done) => done(refuse === 101, refuse),
  });
  await once(server, "listening");
  const calls = queue<Caller>();
  let count = 0;
  server.on("connection", (socket, request) => {
    count += 1;
    calls.put(callerOf(socket, String(request.headers["sec-websocket-protocol"])));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    call: calls.take,
    get calls() {
      return count;
    },
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
};

const unpackr = new Unpackr({ useRecords: false });

const callerOf = (socket: WebSocket, protocols: string): Caller => {
  const messages = queue<Said>();
  let heard = 0;
  socket.on("message", (data: Buffer) => {
    const message = unpackr.unpack(data) as Said | unknown[];
    if (Array.isArray(message)) return;
    heard += 1;
    messages.put(message);
  });
  const say = (message: object) => socket.send(encodeFrame(message, "msgpack"));
  return {
    protocols: protocols.split(","),
    get heard() {
      return heard;
    },
    roundTrip: () => {
      socket.ping();
      return once(socket, "pong");
    },
    hear: messages.take,
    say,
    ack: ({ id }, more) => say({ type: "ack", id, ...more }),
    drop: () => socket.terminate(),
    close: (code) => socket.close(code),
  };
};

const queue = <T>() => {
  const ready: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    put: (item: T) => {
      const taker = waiting.shift();
      if (taker === undefined) ready.push(item);
      else taker(item);
    },
    take: (): Promise<T> =>
      new Promise((resolve) => {
        const item = ready.shift();
        if (item === undefined) waiting.push(resolve);
        else resolve(item);
      }),
  };
};
