import { type Near, type Nearest, IDLE } from "./port.ts";
import { chordOfM, chordSquared, metresOf, writeUnit } from "./sphere.ts";
import type { Cells } from "./cells.ts";
import { type Drivers, AT, HEADING, LAT, LNG, WIDTH } from "./drivers.ts";
import type { VehicleTypes } from "./vehicle-types.ts";

/** `oldestAt`: fixes before it are not looked at; `idleOnly` false: whoever is there. */
export type Search = (
  lat: number,
  lng: number,
  limit: number,
  radiusM: number,
  vehicleType: string | null,
  oldestAt: number,
  idleOnly: boolean,
  now: number,
) => Nearest;

/**
 * The exact nearest, by flooding outwards from the point's own cell (I9).
 * Let `worst` be the distance nobody further than can matter: the radius, then, once `limit` candidates are
 * in hand, the furthest of them. The great circle from the point to any driver within `worst` runs through
 * cells that touch one another, each with its centre within `worst` + `cells.reach`. So it is enough to look
 * into, and go on from, the cells that near. Neighbours come from H3, so pentagons need no care.
 */
export const createSearch = (cells: Cells, drivers: Drivers, types: VehicleTypes): Search => {
  const point = new Float64Array(3);
  const queue: number[] = [];
  let bestSquared = new Float64Array(64);
  let bestSlot = new Int32Array(64);
  let searches = 0;

  return (lat, lng, limit, radiusM, vehicleType, oldestAt, idleOnly, now) => {
    const wanted = Math.min(limit, drivers.listed);
    const type = vehicleType === null ? -1 : types.numberOf(vehicleType);
    if (!(wanted >= 1) || type === undefined) return { found: [], cellsScanned: 0, considered: 0 };
    if (wanted > bestSlot.length) {
      bestSquared = new Float64Array(wanted * 2);
      bestSlot = new Int32Array(wanted * 2);
    }
    writeUnit(lat, lng, point, 0);
    const x = point[0]!;
    const y = point[1]!;
    const z = point[2]!;
    const { fix, status, next, vehicle } = drivers;
    let worst = chordOfM(radiusM) ** 2;
    let nearCell = (Math.sqrt(worst) + cells.reach) ** 2;
    let found = 0;
    let considered = 0;
    let cellsScanned = 0;

    searches += 1;
    let tail = 1;
    queue[0] = cells.at(lat, lng);
    cells.seen[queue[0]] = searches;
    for (let head = 0; head < tail; head++) {
      const cell = queue[head]!;
      if (chordSquared(x, y, z, cells.centre, cell * 3) > nearCell) continue;
      cellsScanned += 1;
      for (let slot = cells.first[cell]!; slot !== -1; slot = next[slot]!) {
        considered += 1;
        if (idleOnly && status[slot] !== IDLE) continue;
        if (type !== -1 && vehicle[slot] !== type) continue;
        const squared = chordSquared(x, y, z, fix, slot * WIDTH);
        if (squared > worst || fix[slot * WIDTH + AT]! < oldestAt) continue;
        let i = found < wanted ? found++ : wanted - 1;
        while (i > 0 && bestSquared[i - 1]! > squared) {
          bestSquared[i] = bestSquared[i - 1]!;
          bestSlot[i] = bestSlot[i - 1]!;
          i -= 1;
        }
        bestSquared[i] = squared;
        bestSlot[i] = slot;
        if (found === wanted) {
          worst = bestSquared[wanted - 1]!;
          nearCell = (Math.sqrt(worst) + cells.reach) ** 2;
        }
      }
      if (considered === drivers.listed) break; // there is nobody else
      const around = cells.around(cell);
      const { neighbours, seen } = cells;
      for (let i = around; i < around + 6; i++) {
        const neighbour = neighbours[i]!;
        if (neighbour === -1 || seen[neighbour] === searches) continue;
        seen[neighbour] = searches;
        queue[tail++] = neighbour;
      }
    }

    const near: Near[] = [];
    for (let i = 0; i < found; i++) {
      const slot = bestSlot[i]!;
      near.push({
        driverId: drivers.id[slot]!,
        lat: fix[slot * WIDTH + LAT]!,
        lng: fix[slot * WIDTH + LNG]!,
        heading: fix[slot * WIDTH + HEADING]!,
        vehicleType: types.nameOf(vehicle[slot]!),
        idle: status[slot] === IDLE,
        distanceM: metresOf(bestSquared[i]!),
        fixAgeMs: now - fix[slot * WIDTH + AT]!,
      });
    }
    return { found: near, cellsScanned, considered };
  };
};
