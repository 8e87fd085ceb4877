/** S10-S12: what one message may hold, in MessagePack and in JSON. */
export const limits = { depth: 4, items: 200, textLength: 4096 };

/**
 * P11: walks the bytes before anything is built from them. Only what JSON can say passes: nil,
 * booleans, numbers (64-bit integers within 2^53), UTF-8 texts, arrays, maps with text keys; one
 * value, complete, nothing after it. Null when fine, otherwise what is wrong. Never throws.
 */
export const inspectMsgpack = (frame: Uint8Array): string | null => {
  bytes = frame;
  at = 0;
  items = 0;
  return value(0) ?? (at === bytes.length ? null : "bytes follow the message");
};

// The walk's place. Module variables, because closures made per frame cost four times the walk.
let bytes: Uint8Array = new Uint8Array();
let at = 0;
let items = 0;

const EARLY = "ends too early";

const value = (depth: number): string | null => {
  if (++items > limits.items) return "too many values";
  if (at >= bytes.length) return EARLY;
  const head = bytes[at++]!;
  if (head <= 0x7f || head >= 0xe0) return null;
  if (head <= 0x8f) return map(head & 0x0f, depth);
  if (head <= 0x9f) return list(head & 0x0f, depth);
  if (head <= 0xbf) return text(head & 0x1f);
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return null;
    case 0xcc:
    case 0xd0:
      return skip(1);
    case 0xcd:
    case 0xd1:
      return skip(2);
    case 0xca:
    case 0xce:
    case 0xd2:
      return skip(4);
    case 0xcb:
      return skip(8);
    case 0xcf:
    case 0xd3:
      return wideInteger(head === 0xd3);
    case 0xd9:
      return text(size(1));
    case 0xda:
      return text(size(2));
    case 0xdb:
      return text(size(4));
    case 0xdc:
      return list(size(2), depth);
    case 0xdd:
      return list(size(4), depth);
    case 0xde:
      return map(size(2), depth);
    case 0xdf:
      return map(size(4), depth);
    default:
      return "a type is not allowed"; // bin, ext, timestamp, the unused 0xc1
  }
};

/** A length field; -1 when cut off. */
const size = (width: number): number => {
  if (at + width > bytes.length) return -1;
  let n = 0;
  for (let i = 0; i < width; i++) n = n * 256 + bytes[at++]!;
  return n;
};

const skip = (width: number): string | null => {
  at += width;
  return at > bytes.length ? EARLY : null;
};

const wideInteger = (signed: boolean): string | null => {
  const high = size(4);
  if (high === -1 || size(4) === -1) return EARLY;
  const negative = signed && high >= 0x8000_0000;
  const within = negative ? high >= 0xffe0_0000 : high < 0x0020_0000;
  return within ? null : "an integer is beyond 2^53";
};

const list = (length: number, depth: number): string | null => {
  if (length === -1) return EARLY;
  if (depth === limits.depth) return "nested too deep";
  for (let i = 0; i < length; i++) {
    const trouble = value(depth + 1);
    if (trouble !== null) return trouble;
  }
  return null;
};

const map = (length: number, depth: number): string | null => {
  if (length === -1) return EARLY;
  if (depth === limits.depth) return "nested too deep";
  for (let i = 0; i < length; i++) {
    const trouble = key() ?? value(depth + 1);
    if (trouble !== null) return trouble;
  }
  return null;
};

const key = (): string | null => {
  const head = bytes[at++];
  if (head === undefined) return EARLY;
  let length: number;
  if (head >= 0xa0 && head <= 0xbf) length = head & 0x1f;
  else if (head >= 0xd9 && head <= 0xdb) length = size(1 << (head - 0xd9));
  else return "a key is not text";
  return text(length) ?? (isProto(length) ? "a key is not allowed" : null);
};

const text = (length: number): string | null => {
  if (length === -1 || at + length > bytes.length) return EARLY;
  if (length > limits.textLength) return "a text is too long";
  const start = at;
  at += length;
  for (let i = start; i < at; i++) if (bytes[i]! >= 0x80) return checkUtf8(start);
  return null;
};

const utf8 = new TextDecoder("utf-8", { fatal: true });

const checkUtf8 = (start: number): string | null => {
  try {
    utf8.decode(bytes.subarray(start, at));
    return null;
  } catch {
    return "a text is not UTF-8";
  }
};

const PROTO = new TextEncoder().encode("__proto__");

/** The text just passed is the one key that could reach the prototype of what is built. */
const isProto = (length: number): boolean =>
  length === PROTO.length && PROTO.every((byte, i) => bytes[at - length + i] === byte);
