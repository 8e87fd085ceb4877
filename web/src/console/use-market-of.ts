import { type Market, useOperator } from "./operator.tsx";
import type { Position } from "../../../src/domain/geo.ts";
import { marketNear } from "../app/market-near.ts";
import { useCallback } from "react";
import { useServerConfig } from "../app/server-config.tsx";

/** B139: whose clock the times of a trip are told by, whatever market the desk looks at. */
export const useMarketOf = (): ((trip: { readonly pickup: Position }) => Market) => {
  const { markets } = useServerConfig();
  return useCallback(({ pickup }) => marketNear(markets, pickup), [markets]);
};

/** The same of what the server tells the market of. */
export const useMarketNamed = (): ((name: string) => Market) => {
  const { markets } = useServerConfig();
  const { market } = useOperator();
  return (name) => markets.find(({ id }) => id === name) ?? market;
};
