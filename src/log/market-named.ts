import type { History, MarketRow } from "./history.ts";

/** By key or number. Rejects with one line that names those there are. */
export const marketNamed = async (history: History, name: string): Promise<MarketRow> => {
  const markets = await history.markets();
  const market = markets.find(({ id, key }) => key === name || String(id) === name);
  if (market) return market;
  throw new Error(`no market ${name} in this log, only ${markets.map(({ key }) => key).join(", ")}`);
};
