import { BlockList, isIP } from "node:net";

/** Whether the peer at this address is believed when it says for whom it asks. */
export type Trusts = (address: string) => boolean;

/** `proxies`: addresses and subnets, `10.0.0.0/8`. Throws a `RangeError` for what is neither. */
export const trustIn = (proxies: readonly string[]): Trusts => {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = "", prefix, more] = proxy.split("/");
    const family = familyOf(address);
    const whole = family === "ipv4" ? "32" : "128";
    if (family === null || more !== undefined || !/^\d+$/.test(prefix ?? whole))
      throw new RangeError(`${proxy} is neither an address nor a subnet`);
    list.addSubnet(address, Number(prefix ?? whole), family);
  }
  return (address) => {
    const family = familyOf(address);
    return family !== null && list.check(address, family);
  };
};

/**
 * S43, S44: the address a request comes from: the peer's, and behind trusted proxies the one the outermost of them
 * saw, which is the rightmost address of `X-Forwarded-For` that is not trusted. What stands left of it, or of
 * something that is no address, is whatever the client wrote.
 */
export const clientAddress = (peer: string, forwarded: string, trusts: Trusts): string => {
  let client = peer;
  const seen = forwarded.split(",");
  while (trusts(client) && seen.length > 0) {
    const next = bareAddress(seen.pop()!.trim());
    if (familyOf(next) === null) break;
    client = next;
  }
  return client;
};

/** Some proxies write the port too: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const bareAddress = (text: string): string =>
  /^\[([^\]]+)\](:\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;

const familyOf = (address: string): "ipv4" | "ipv6" | null =>
  ({ 4: "ipv4", 6: "ipv6" } as const)[isIP(address)] ?? null;
