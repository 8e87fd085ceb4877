import { type FrameKind, encodeFrame } from "../protocol/frame.ts";
import type { Peer } from "./desk.ts";
import type { ServerMessage } from "../protocol/server-messages.ts";
import type { Socket } from "../socket/port.ts";

/** Close codes of the contract, and 1013 where the log does not answer: come back in a moment. */
export const closeCode = {
  goingAway: 1001,
  policy: 1008,
  tryAgain: 1013,
  tokenExpired: 4001,
  replaced: 4003,
  tooSlow: 4008,
} as const;

/** The one way to a socket's other end. Before `attach` and after closing its verbs do nothing. */
export interface Line extends Peer {
  attach(socket: Socket<unknown>): void;
  /** Answers come in the kind of the peer's last frame. */
  speak(kind: FrameKind): void;
  close(code: number, reason: string): void;
}

export const createLine = (first: FrameKind): Line => {
  let socket: Socket<unknown> | null = null;
  let kind = first;
  return {
    attach: (opened) => void (socket = opened),
    speak: (heard) => void (kind = heard),
    close: (code, reason) => socket?.close(code, reason),
    push(message) {
      if (socket?.send(framed(message, kind)) === "slow") socket.close(closeCode.tooSlow, "too slow to read");
    },
    hint: (message) => socket?.send(framed(message, kind)) !== "slow",
  };
};

// P39: a message for many is encoded once for each kind.
const newest: { message: ServerMessage | null; frames: Map<FrameKind, string | Uint8Array> } = {
  message: null,
  frames: new Map(),
};
const framed = (message: ServerMessage, kind: FrameKind): string | Uint8Array => {
  if (newest.message !== message) {
    newest.message = message;
    newest.frames.clear();
  }
  let frame = newest.frames.get(kind);
  if (frame === undefined) newest.frames.set(kind, (frame = encodeFrame(message, kind)));
  return frame;
};
