import type { Listen } from "./port.ts";

export const transportNames = ["uws", "node"] as const;
/** `uws`: uWebSockets.js, native. `node`: node:http and ws, on any Node, and slower. */
export type TransportName = (typeof transportNames)[number];

export interface Transport {
  readonly name: TransportName;
  readonly listen: Listen;
  /** Why it is not the native one. */
  readonly why: string | null;
}

/**
 * P90: the native transport where it can be loaded (its builds want certain Nodes, and a glibc that is new
 * enough for them), else the other. Rejects with one clear line when the native one is a must (P92).
 */
export const pickTransport = async (wanted: "auto" | TransportName): Promise<Transport> => {
  if (wanted === "node") return onNode("it was asked for");
  try {
    return { name: "uws", listen: (await import("./uws-server.ts")).listen, why: null };
  } catch (error) {
    const why = `uWebSockets.js cannot be loaded: ${causeOf(error)}`;
    if (wanted === "uws") throw new Error(why, { cause: error });
    return onNode(why);
  }
};

const onNode = async (why: string): Promise<Transport> => ({
  name: "node",
  listen: (await import("./node-server.ts")).listen,
  why,
});

/** The library puts a paragraph on Node versions before what the loader said. */
const causeOf = (error: unknown): string => String(error).split("\n\n").at(-1)!.split("\n", 1)[0]!;
