import type { Bbox } from "../../protocol/admin-messages.ts";
import type { CellsUpdate } from "../../protocol/server-messages.ts";
import type { Feed } from "./consoles.ts";
import type { Peer, Place } from "../../session/desk.ts";
import type { Standing } from "../standing.ts";
import { insideOf } from "./box.ts";
import { tripStatusOf } from "../../../machines/context.ts";

export interface CellsPorts {
  readonly places: readonly Place[];
  readonly standing: Standing;
}
interface Numbers {
  readonly supply: number;
  readonly demand: number;
}

/** P140: a frame has a limit; where there are more, those with most in them. */
const CELLS = 1_000;

/** Supply and demand by H3 cell: all at first, then the cells whose numbers changed, once a second. */
export const createCellsFeed =
  ({ places, standing }: CellsPorts) =>
  (peer: Peer, bbox: Bbox | null): Feed => {
    const inside = insideOf(bbox);
    const shapeOf = places[0]!.locations.shapeOfTile; // the same of every market
    let told: ReadonlyMap<string, Numbers> = new Map();
    let full = true;

    return {
      second() {
        const counted = countsOf(places, standing);
        const now = fullest([...counted].filter(([cell]) => inside(shapeOf(cell))));
        const changed: CellsUpdate["cells"] = [];
        for (const cell of new Set([...now.keys(), ...told.keys()])) {
          const numbers = now.get(cell) ?? { supply: 0, demand: 0 };
          const before = told.get(cell);
          if (before?.supply === numbers.supply && before.demand === numbers.demand) continue;
          const outline = shapeOf(cell).corners.map(({ lat, lng }) => [lng, lat]);
          changed.push({ cell, ...numbers, outline });
        }
        if (!full && changed.length === 0) return;
        if (!peer.hint({ type: "cells", full, cells: changed })) return; // P103: told later
        told = now;
        full = false;
      },
    };
  };

const countsOf = (places: readonly Place[], standing: Standing): ReadonlyMap<string, Numbers> => {
  const counts = new Map<string, Numbers>();
  const add = (cell: string, supply: number, demand: number): void => {
    const before = counts.get(cell);
    counts.set(cell, { supply: supply + (before?.supply ?? 0), demand: demand + (before?.demand ?? 0) });
  };
  for (const { locations, market } of places)
    for (const [tile, idle] of locations.look(market.now()).tiles) add(tile, idle.length, 0);
  for (const { place, state, context } of standing.trips.values()) {
    const { lat, lng } = context.pickup;
    if (tripStatusOf[state] === "requested") add(place.locations.tileAt(lat, lng), 0, 1);
  }
  return counts;
};

const fullest = (counts: readonly (readonly [string, Numbers])[]): ReadonlyMap<string, Numbers> =>
  new Map(counts.toSorted(([, a], [, b]) => b.supply + b.demand - a.supply - a.demand).slice(0, CELLS));
