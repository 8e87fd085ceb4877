import type { Order } from "../console-model.ts";
import { useConsole } from "../operator.tsx";
import { useMemo } from "react";

/** A live trip that an operator should look at, and why. */
export interface TripAlarm {
  readonly order: Order;
  readonly alarm: Order["alarms"][number];
}

/** The oldest trip first. */
export const useAlarms = (): readonly TripAlarm[] => {
  const orders = useConsole(({ orders }) => orders);
  return useMemo(
    () =>
      [...orders.values()]
        .flatMap((order) => order.alarms.map((alarm) => ({ order, alarm })))
        .toSorted((a, b) => a.order.requested_at - b.order.requested_at),
    [orders],
  );
};
