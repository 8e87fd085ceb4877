import { WebSocket } from "ws";
import type { Mix } from "./people/behaviour.ts";
import type { Tally } from "./tally.ts";

/** What everybody in the city shares. */
export interface City {
  /** `http://host:port`, and the same for sockets. */
  readonly url: string;
  readonly socketUrl: string;
  readonly token: (sub: string, role: "driver" | "passenger" | "admin") => string;
  readonly seed: number;
  /** Part of every made-up id, so that a server can be visited twice. */
  readonly run: string;
  /** Simulated seconds in one real second. */
  readonly speed: number;
  readonly mix: Mix;
  readonly tally: Tally;
}

/** Real milliseconds of so many simulated seconds. */
export const realMs = (city: City, simulatedS: number): number => (simulatedS * 1000) / city.speed;

/** The socket of every simulated phone: loopback needs no compression. */
export class Phone extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { perMessageDeflate: false });
  }
}
