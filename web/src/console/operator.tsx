import { createContext, use, useSyncExternalStore } from "react";
import type { ConsoleState } from "./console-model.ts";
import type { Operator } from "./open-operator.ts";
import type { WebConfig } from "../../../src/protocol/web-config.ts";

export type Market = WebConfig["markets"][number];

/** Who is at this desk, and which market they look at: its zone is that of every time that is shown. */
export interface AtDesk extends Operator {
  readonly market: Market;
}

export const OperatorContext = createContext<AtDesk | null>(null);

export const useOperator = (): AtDesk => use(OperatorContext)!;

/**
 * A part of what the console knows. `select` must give the same part while nothing in it changed: a part of
 * the state itself, or a number; what is made of it belongs into `useMemo`.
 */
export const useConsole = <T,>(select: (state: ConsoleState) => T): T => {
  const { store } = useOperator();
  return useSyncExternalStore(store.watch, () => select(store.read()));
};
