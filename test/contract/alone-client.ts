import { createHmac } from "node:crypto";
import { pack, unpack } from "msgpackr";
import { WebSocket } from "ws";

// A client as a stranger would write it from the contract page: it knows nothing of this repository.

export type Kind = "JSON" | "MessagePack";
export type Message = Readonly<Record<string, any>>;
export interface Place {
  readonly lat: number;
  readonly lng: number;
}

export interface Client {
  readonly welcome: Message;
  /** Everything that came, in order. */
  readonly heard: readonly Message[];
  /** Resolves with the first message, heard already or still to come, that fits. */
  heardOf(type: string, fits?: (message: Message) => boolean): Promise<Message>;
  /** Sends it with an `id` and resolves with what answers that: an `ack` or an `error`. */
  ask(message: Message): Promise<Message>;
  /** As `ask`, where only an `ack` will do. */
  order(message: Message): Promise<Message>;
  ping(place: Place): void;
  /** A frame of this connection's kind that no decoder can read. */
  babble(): void;
  /** Without a word to the server, as a phone that loses its network. */
  drop(): void;
}

let keys = 0;
export const newKey = (): string => `alone-${++keys}`;

export const openClient = async (url: string, token: string, kind: Kind): Promise<Client> => {
  const socket = new WebSocket(kind === "JSON" ? `${url}?format=json` : url, {
    headers: { authorization: `Bearer ${token}` },
  });
  const heard: Message[] = [];
  const waiting = new Set<() => void>();
  let over: Error | undefined;
  const wake = (): void => waiting.forEach((look) => look());
  const end = (error: Error): void => {
    over ??= error;
    wake();
  };
  socket.on("message", (data: Buffer, binary) => {
    if (binary !== (kind === "MessagePack")) end(new Error(`a frame that is not ${kind}`));
    heard.push(binary ? unpack(data) : JSON.parse(data.toString("utf8")));
    wake();
  });
  socket.on("close", (code) => end(new Error(`closed with ${code}`)));
  socket.on("error", end);

  const heardOf: Client["heardOf"] = (type, fits = () => true) =>
    new Promise((resolve, reject) => {
      let seen = 0;
      const look = (): void => {
        while (seen < heard.length) {
          const message = heard[seen++]!;
          if (message["type"] !== type || !fits(message)) continue;
          waiting.delete(look);
          clearTimeout(late);
          resolve(message);
          return;
        }
        if (over) fail(over.message);
      };
      const fail = (why: string): void => {
        waiting.delete(look);
        clearTimeout(late);
        reject(new Error(`no ${type} (${why}) among ${JSON.stringify(heard)}`));
      };
      const late = setTimeout(() => fail("waited 8 s"), 8_000);
      waiting.add(look);
      look();
    });
  const send = (message: unknown): void =>
    socket.send(kind === "JSON" ? JSON.stringify(message) : pack(message));
  const ask: Client["ask"] = (message) => {
    const id: string = message["id"] ?? newKey();
    const from = heard.length;
    send({ ...message, id });
    const answers = (answer: Message): boolean => answer["id"] === id && heard.indexOf(answer) >= from;
    return Promise.race([heardOf("ack", answers), heardOf("error", answers)]);
  };

  await heardOf("welcome");
  return {
    welcome: heard[0]!,
    heard,
    heardOf,
    ask,
    async order(message) {
      const answer = await ask(message);
      if (answer["type"] !== "ack") throw new Error(`${message["type"]}: ${JSON.stringify(answer)}`);
      return answer;
    },
    ping: ({ lat, lng }) =>
      send(
        kind === "JSON"
          ? { type: "driver_location", lat, lon: lng, at: Date.now() }
          : [1, lat, lng, null, null, null, Date.now()],
      ),
    babble: () => socket.send(kind === "JSON" ? "{" : Buffer.from([0xc1])),
    drop: () => socket.terminate(),
  };
};

/** One HTTP call: its status and its body. */
export const call = async (
  url: string,
  token?: string,
  body?: object,
): Promise<{ readonly status: number; readonly body: any }> => {
  const response = await fetch(url, {
    ...(body && { method: "POST", body: JSON.stringify(body) }),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body && { "content-type": "application/json", "idempotency-key": newKey() }),
    },
    signal: AbortSignal.timeout(8_000),
  });
  return { status: response.status, body: await response.json() };
};

/** An HS256 JWT of an hour. */
export const signToken = (secret: string, sub: string, role: string): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub, role, exp: Math.floor(Date.now() / 1_000) + 3_600 })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
};
