import type { Position } from "../../src/domain/geo.ts";
import { type Random, between } from "../city/random.ts";

/** Any point of 28 x 26 km around Dushanbe, as in `match-inside`. */
export const somewhere = (random: Random): Position => ({
  lat: 38.56 + between(random, -0.1169, 0.1169),
  lng: 68.78 + between(random, -0.1609, 0.1609),
});
