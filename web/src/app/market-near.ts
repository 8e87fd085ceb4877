import { type Position, distanceM } from "../../../src/domain/geo.ts";
import type { WebConfig } from "../../../src/protocol/web-config.ts";

type Market = WebConfig["markets"][number];
/** Further from every centre than a city is wide: the market without an area. */
const CITY_M = 100_000;

/** The market whose clock and money fit a place best. A guess for showing: which one serves a ride the server says. */
export const marketNear = (markets: readonly Market[], at: Position | null): Market => {
  const anywhere = markets.find(({ centre }) => centre === null);
  if (at === null) return markets[0]!;
  const away = ({ centre }: Market) => (centre === null ? Infinity : distanceM(centre, at));
  const nearest = markets.reduce((best, market) => (away(market) < away(best) ? market : best));
  return away(nearest) > CITY_M ? (anywhere ?? nearest) : nearest;
};
