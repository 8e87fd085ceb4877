import { Packr, Unpackr } from "msgpackr";
import { inspectMsgpack } from "./inspect-msgpack.ts";
import { parseJson, type Read } from "./parse-json.ts";
import { readPing, type Ping } from "./ping.ts";

/** How a connection is answered: in the kind of its last frame. */
export type FrameKind = "msgpack" | "json";

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: "number" });
const writing = { useRecords: false, skipValues: [undefined] }; // skipValues is missing in its types
const packr = new Packr(writing);

/**
 * One frame from a peer. Binary is MessagePack, text is JSON (P1). Never throws; `value` is still
 * to be parsed, a ping's numbers are still to be judged.
 */
export const decodeFrame = (bytes: Uint8Array, binary: boolean): Ping | Read => {
  if (!binary) return parseJson(bytes);
  const ping = readPing(bytes);
  if (ping !== null) return ping;
  const trouble = inspectMsgpack(bytes);
  if (trouble !== null) return { is: "malformed", message: `MessagePack: ${trouble}` };
  return { is: "value", value: unpackr.unpack(bytes) };
};

/** A message as one frame; the bytes stay what they are when more is encoded. */
export const encodeFrame = (message: object, kind: FrameKind): Uint8Array | string =>
  kind === "json" ? JSON.stringify(message) : packr.pack(message);
