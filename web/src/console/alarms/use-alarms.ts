import type { Order } from "../console-model.ts";
import { useConsole } from "../operator.tsx";
import { useMemo } from "react";

/** Live trips that an operator should look at, the oldest first. */
export const useAlarms = (): readonly Order[] => {
  const orders = useConsole(({ orders }) => orders);
  return useMemo(
    () =>
      [...orders.values()]
        .filter(({ alarms }) => alarms.length > 0)
        .toSorted((a, b) => a.requested_at - b.requested_at),
    [orders],
  );
};
