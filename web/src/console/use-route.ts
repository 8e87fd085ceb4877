import { type Detail, type Route, hashOf, routeOf } from "./route.ts";
import { useSyncExternalStore } from "react";

const listen = (changed: () => void) => {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
};

export const useRoute = (): Route => {
  const hash = useSyncExternalStore(listen, () => location.hash);
  return routeOf(hash);
};

/** Opens a trip or a driver over the view that is shown; null closes it. */
export const openDetail = (detail: Detail | null): void => {
  location.hash = hashOf({ ...routeOf(location.hash), detail });
};
