import { Unpackr } from "msgpackr";
import type { ServerMessage } from "../protocol/server-messages.ts";

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: "number" });

/**
 * What the server says: MessagePack, or JSON in a text frame. Believed as it comes; the checks of
 * `protocol/frame.ts` are for bytes of strangers. Undefined for a frame that nobody can read.
 */
export const decodeMessage = (data: unknown): ServerMessage | undefined => {
  try {
    return (
      typeof data === "string" ? JSON.parse(data) : unpackr.unpack(new Uint8Array(data as ArrayBuffer))
    ) as ServerMessage;
  } catch {
    return undefined;
  }
};
