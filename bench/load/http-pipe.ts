import { type Socket, connect } from "node:net";
import { once } from "node:events";

/** One keep-alive connection. Requests may be sent before earlier ones are answered. */
export interface Pipe {
  /** `startedAt` comes back with the answer. */
  send(request: Uint8Array, startedAt: number): void;
  readonly waiting: number;
  close(): void;
}

/** `answered` is called for each answer, `failed` when there is a status other than 200, or no answer. */
export const openPipe = async (
  port: number,
  answered: (pipe: Pipe, startedAt: number) => void,
  failed: (error: Error) => void,
): Promise<Pipe> => {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const started: number[] = [];
  const pipe: Pipe = {
    send: (request, startedAt) => {
      started.push(startedAt);
      socket.write(request);
    },
    get waiting() {
      return started.length;
    },
    close: () => {
      socket.removeAllListeners("close");
      socket.destroy();
    },
  };
  hear(socket, () => answered(pipe, started.shift()!), failed);
  return pipe;
};

const HEAD_END = Buffer.from("\r\n\r\n");
const LENGTH = Buffer.from("Content-Length: ");
const STATUS_AT = "HTTP/1.1 ".length;

const hear = (socket: Socket, answered: () => void, failed: (error: Error) => void): void => {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    socket.cork(); // the next requests leave in one packet
    for (;;) {
      const headEnd = bytes.indexOf(HEAD_END, at);
      if (headEnd === -1) break;
      const lengthAt = bytes.indexOf(LENGTH, at) + LENGTH.length; // uWebSockets.js writes it last
      const end = headEnd + HEAD_END.length + Number(bytes.toString("latin1", lengthAt, headEnd));
      if (end > bytes.length) break;
      const status = bytes.toString("latin1", at + STATUS_AT, at + STATUS_AT + 3);
      if (status !== "200") failed(new Error(`the server answered HTTP ${status}`));
      at = end;
      answered();
    }
    socket.uncork();
    rest = bytes.subarray(at);
  });
  socket.on("error", failed);
  socket.on("close", () => failed(new Error("the server closed a connection")));
};
