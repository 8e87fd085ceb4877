/** Where a driver is, in the compact form (P10). NaN: not told. Degrees, m/s, metres, Unix ms. */
export interface Ping {
  readonly is: "ping";
  readonly lat: number;
  readonly lng: number;
  readonly heading: number;
  readonly speedMps: number;
  readonly accuracyM: number;
  readonly phoneAt: number;
}

// One result and one reader for all pings: the hot path allocates nothing.
const ping = {
  is: "ping" as const,
  lat: Number.NaN,
  lng: Number.NaN,
  heading: Number.NaN,
  speedMps: Number.NaN,
  accuracyM: Number.NaN,
  phoneAt: Number.NaN,
};
const eight = new DataView(new ArrayBuffer(8));
let at = 0;
let broken = false;

/**
 * Reads MessagePack `[1, lat, lng, heading, speed_mps, accuracy_m, at]`, the last four nil or left
 * out, straight from the bytes. Null for everything else. The result is overwritten by the next call.
 */
export const readPing = (bytes: Uint8Array): Ping | null => {
  const length = bytes[0]! - 0x90;
  if (!(length >= 3 && length <= 7) || bytes[1] !== 1) return null;
  at = 2;
  broken = false;
  ping.lat = readNumber(bytes);
  ping.lng = readNumber(bytes);
  ping.heading = known(length > 3 ? readNumber(bytes) : Number.NaN, 360);
  ping.speedMps = known(length > 4 ? readNumber(bytes) : Number.NaN, Number.MAX_VALUE);
  ping.accuracyM = known(length > 5 ? readNumber(bytes) : Number.NaN, Number.MAX_VALUE);
  ping.phoneAt = length > 6 ? readNumber(bytes) : Number.NaN;
  return broken || at !== bytes.length ? null : ping;
};

/** P9: phones say -1 for "unknown"; whatever is outside 0..max is. */
const known = (value: number, max: number): number => (value >= 0 && value <= max ? value : Number.NaN);

/** Any MessagePack number, or nil as NaN. Past the end the bytes read as undefined: `at` tells. */
const readNumber = (bytes: Uint8Array): number => {
  const head = bytes[at++]!;
  switch (head) {
    case 0xcb:
      eight.setUint32(0, word(bytes));
      eight.setUint32(4, word(bytes));
      return eight.getFloat64(0);
    case 0xc0:
      return Number.NaN;
    case 0xca:
      eight.setUint32(0, word(bytes));
      return eight.getFloat32(0);
    case 0xcc:
      return bytes[at++]!;
    case 0xcd:
      return (bytes[at++]! << 8) | bytes[at++]!;
    case 0xce:
      return word(bytes) >>> 0;
    case 0xcf:
      return (word(bytes) >>> 0) * 0x1_0000_0000 + (word(bytes) >>> 0);
    case 0xd0:
      return (bytes[at++]! << 24) >> 24;
    case 0xd1:
      return (((bytes[at++]! << 8) | bytes[at++]!) << 16) >> 16;
    case 0xd2:
      return word(bytes);
    case 0xd3:
      return word(bytes) * 0x1_0000_0000 + (word(bytes) >>> 0);
    default:
      if (head <= 0x7f) return head;
      if (head >= 0xe0) return head - 256;
      broken = true;
      return Number.NaN;
  }
};

/** Four bytes as a signed integer. */
const word = (bytes: Uint8Array): number =>
  (bytes[at++]! << 24) | (bytes[at++]! << 16) | (bytes[at++]! << 8) | bytes[at++]!;
