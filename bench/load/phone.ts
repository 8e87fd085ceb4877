import { openWebSocket } from "./web-socket.ts";
import { unpack } from "msgpackr";

/** A driver's connection that waits for one answer at a time. */
export interface Phone {
  send(frames: Uint8Array): void;
  /** Resolves with the next ack; rejects with the next error, or when the connection is lost. */
  acked(): Promise<void>;
  close(): void;
}

export const openPhone = async (port: number, driverId: string, token: string): Promise<Phone> => {
  let taken = (): void => undefined;
  let failed: (error: Error) => void = () => undefined;
  let lost: Error | null = null;
  const heard = (payload: Buffer): void => {
    const message = unpack(payload) as { type: string; error?: { code: string } };
    if (message.type === "ack") taken();
    else if (message.type === "error") failed(new Error(`the server answered ${message.error?.code}`));
  };
  const ended = (why: string): void => failed((lost ??= new Error(why)));
  const socket = await openWebSocket(port, `/ws/driver/${driverId}`, token, heard, ended);
  return {
    send: socket.send,
    acked: () =>
      new Promise((resolve, reject) => {
        taken = resolve;
        failed = reject;
        if (lost !== null) reject(lost);
      }),
    close: socket.close,
  };
};
