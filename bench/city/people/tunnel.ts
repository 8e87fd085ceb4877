import { happens, troubleS, TUNNEL_LEAST_MS, tunnelS } from "./behaviour.ts";
import { realMs, type City } from "../city.ts";
import type { Random } from "../random.ts";

/** In some trips the phone loses the network once, for a while. */
export const maybeTunnel = (city: City, random: Random, phone: { suspend(): void; resume(): void }): void => {
  if (!happens(random, city.mix.socket_drop)) return;
  const forMs = Math.max(TUNNEL_LEAST_MS, realMs(city, tunnelS(random)));
  setTimeout(
    () => {
      city.tally.counts.drops += 1;
      phone.suspend();
      setTimeout(phone.resume, forMs);
    },
    realMs(city, troubleS(random)),
  );
};
