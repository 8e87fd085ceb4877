import { connect } from "node:net";

/** The client's end of a WebSocket, written by hand: client libraries are busy before the server is. */
export interface RawSocket {
  /** Whole frames, see `frame`. Not to be changed before the server has read them. */
  send(frames: Uint8Array): void;
  close(): void;
}

/**
 * A binary frame as clients send it. The mask is zero, so that a payload can be changed where it lies;
 * the server unmasks it like any other.
 */
export const frame = (payload: Uint8Array): Buffer => {
  const { length } = payload;
  const size = length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([0x82, ...size, 0, 0, 0, 0]), payload]);
};

/** Resolves when upgraded. `heard` gets the payload of each binary frame; `ended` is called once. */
export const openWebSocket = (
  port: number,
  path: string,
  token: string,
  heard: (payload: Buffer) => void,
  ended: (why: string) => void,
): Promise<RawSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const lost = (why: string): void => {
      reject(new Error(why));
      ended(why);
    };
    let rest: Buffer = Buffer.alloc(0);
    let upgraded = false;
    socket.on("data", (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (!upgraded) {
        const end = rest.indexOf("\r\n\r\n");
        if (end === -1) return;
        const status = rest.toString("latin1", 0, rest.indexOf("\r\n"));
        if (!status.includes(" 101 ")) return lost(status);
        rest = rest.subarray(end + 4);
        upgraded = true;
        resolve({ send: (frames) => void socket.write(frames), close: () => void socket.destroy() });
      }
      rest = readFrames(rest, (kind, payload) => {
        if (kind === BINARY) heard(payload);
        else if (kind === CLOSE) lost(`closed: ${payload.readUInt16BE()} ${payload.toString("utf8", 2)}`);
      });
    });
    socket.on("error", (error) => lost(error.message));
    socket.on("close", () => lost("the server closed a socket"));
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n` +
        `Authorization: Bearer ${token}\r\n\r\n`,
    );
  });

const BINARY = 2;
const CLOSE = 8;

/** Hands over whole frames; what is left is the start of the next one. */
const readFrames = (bytes: Buffer, heard: (kind: number, payload: Buffer) => void): Buffer => {
  let at = 0;
  while (at + 4 <= bytes.length) {
    const short = bytes[at + 1]!; // the server sends nothing of 64 KiB or more
    const from = at + (short === 126 ? 4 : 2);
    const to = from + (short === 126 ? bytes.readUInt16BE(at + 2) : short);
    if (to > bytes.length) break;
    heard(bytes[at]! & 0x0f, bytes.subarray(from, to));
    at = to;
  }
  return bytes.subarray(at);
};
