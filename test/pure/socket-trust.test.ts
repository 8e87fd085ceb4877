import { clientAddress, trustIn } from "../../src/socket/trust.ts";
import { describe, expect, test } from "vitest";

describe("whose word on addresses is taken", () => {
  const trusts = trustIn(["10.0.0.0/8", "127.0.0.1", "2001:db8::/32"]);

  test.each([
    ["203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["10.0.0.1", "", "10.0.0.1"],
    ["10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["10.0.0.1", "198.51.100.1, 198.51.100.2", "198.51.100.2"],
    ["10.0.0.1", "198.51.100.1,10.9.9.9 , 127.0.0.1", "198.51.100.1"],
    ["10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
    ["127.0.0.1", "2001:db9::7", "2001:db9::7"],
    ["0000:0000:0000:0000:0000:ffff:7f00:0001", "198.51.100.1", "198.51.100.1"],
    ["2001:0db8:0000:0000:0000:0000:0000:0001", "198.51.100.1", "198.51.100.1"],
    ["", "198.51.100.1", ""],
  ])("S43: given a peer %s that says [%s], then the request is from %s", (peer, forwarded, client) => {
    expect(clientAddress(peer, forwarded, trusts)).toBe(client);
  });

  test.each([
    ["198.51.100.1, unknown", "10.0.0.1"],
    ["198.51.100.1, unknown, 10.0.0.2", "10.0.0.2"],
    ["192.0.2.1:4711", "192.0.2.1"],
    ["[2001:db9::1]:4711", "2001:db9::1"],
    ["[2001:db9::1]", "2001:db9::1"],
    ["198.51.100.1, 999.1.1.1", "10.0.0.1"],
    ["198.51.100.1, ", "10.0.0.1"],
  ])("S44: given a trusted peer that says [%s], then the request is from %s", (forwarded, client) => {
    expect(clientAddress("10.0.0.1", forwarded, trusts)).toBe(client);
  });

  test.each(["10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/8/8", "10.0.0.0/", "proxy.local", ""])(
    "M80: %s is neither an address nor a subnet",
    (text) => {
      expect(() => trustIn([text])).toThrow(RangeError);
    },
  );
});
