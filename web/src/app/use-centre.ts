import type { Position } from "../../../src/domain/geo.ts";
import { useMemo } from "react";
import { useServerConfig } from "./server-config.tsx";

/** Dushanbe, where no market has an area. */
const HOME: Position = { lat: 38.56, lng: 68.78 };

/** Where a page looks before anybody said where they are: the first market with an area. */
export const useCentre = (): Position => {
  const { markets } = useServerConfig();
  return useMemo(() => markets.find(({ centre }) => centre !== null)?.centre ?? HOME, [markets]);
};
