import { type Cells, createCells } from "./cells.ts";
import { type Drivers, AT, HEADING, LAT, LNG, WIDTH, createDrivers, growDrivers } from "./drivers.ts";
import { BUSY, type LocationIndex } from "./port.ts";
import { chordSquared, writeUnit } from "./sphere.ts";
import type { LocationPolicy } from "../domain/policy.ts";
import { createSearch } from "./nearest.ts";
import { createSightings } from "./sightings.ts";
import { createVehicleTypes } from "./vehicle-types.ts";
import { isPosition } from "../domain/geo.ts";
import { judgeFix } from "./noise.ts";
import { latLngToCell } from "h3-js";
import { ms } from "../domain/time.ts";
import { shapeOfTile, tileOf } from "./tiles.ts";

/** 13,000 km² at resolution 9, about 25 MB. */
const CELLS = 131_072;

/** `cellsKept`: how many cells are remembered before those without drivers are forgotten. */
export const createLocationIndex = (policy: LocationPolicy, cellsKept = CELLS): LocationIndex => {
  const drivers = createDrivers();
  const types = createVehicleTypes();
  const cells = createCells(policy.resolution);
  const search = createSearch(cells, drivers, types);
  const look = createSightings(drivers, cells, policy);
  const slotOf = new Map<string, number>();
  const free: number[] = [];
  const point = new Float64Array(3);
  let cellRoom = cellsKept;

  /** L9: searches all over the globe must not fill the memory. */
  const keepCellsFew = (): void => {
    if (cells.count < cellRoom) return;
    cells.forgetAll();
    drivers.listed = 0;
    for (const slot of slotOf.values()) {
      if (drivers.cell[slot] === -1) continue;
      const i = slot * WIDTH;
      list(cells, drivers, slot, cells.at(drivers.fix[i + LAT]!, drivers.fix[i + LNG]!));
    }
    cellRoom = Math.max(cellsKept, cells.count * 2);
  };

  const newSlot = (): number => {
    const slot = free.pop() ?? drivers.id.length;
    if (slot === drivers.status.length) growDrivers(drivers);
    drivers.fix.fill(Number.NaN, slot * WIDTH, (slot + 1) * WIDTH);
    drivers.pending.fill(Number.NaN, slot * 4, (slot + 1) * 4);
    drivers.cell[slot] = -1;
    drivers.status[slot] = BUSY;
    return slot;
  };

  const changeVehicle = (slot: number, vehicleType: string): void => {
    types.drop(drivers.vehicle[slot]!);
    drivers.vehicle[slot] = types.take(vehicleType);
  };

  return {
    fix: (slot, lat, lng, heading, _speedMps, accuracyM, phoneAt, at) => {
      if (!isPosition(lat, lng) || typeof drivers.id[slot] !== "string") return "invalid";
      writeUnit(lat, lng, point, 0);
      const x = point[0]!;
      const y = point[1]!;
      const z = point[2]!;
      const verdict = judgeFix(drivers, slot, x, y, z, accuracyM, phoneAt, at, policy);
      if (verdict !== "taken") return verdict;

      const i = slot * WIDTH;
      const { fix } = drivers;
      fix[i] = x;
      fix[i + 1] = y;
      fix[i + 2] = z;
      fix[i + AT] = at;
      fix[i + LAT] = lat;
      fix[i + LNG] = lng;
      fix[i + HEADING] = heading;

      // L8: inside the cell's inner circle it is certainly the same cell, and H3 need not be asked.
      const was = drivers.cell[slot]!;
      if (was !== -1 && chordSquared(x, y, z, cells.centre, was * 3) <= cells.innerSquared(was)) {
        return "taken";
      }
      const is = cells.at(lat, lng);
      if (is === was) return "taken";
      if (was !== -1) unlist(cells, drivers, slot);
      list(cells, drivers, slot, is);
      keepCellsFew();
      return "taken";
    },

    enter: (driverId, vehicleType) => {
      const known = slotOf.get(driverId);
      if (known !== undefined) {
        changeVehicle(known, vehicleType);
        return known;
      }
      const slot = newSlot();
      slotOf.set(driverId, slot);
      drivers.id[slot] = driverId;
      drivers.vehicle[slot] = types.take(vehicleType);
      return slot;
    },

    leave: (driverId) => {
      const slot = slotOf.get(driverId);
      if (slot === undefined) return;
      if (drivers.cell[slot] !== -1) unlist(cells, drivers, slot);
      types.drop(drivers.vehicle[slot]!);
      drivers.id[slot] = null;
      slotOf.delete(driverId);
      free.push(slot);
    },

    setStatus: (driverId, status) => {
      const slot = slotOf.get(driverId);
      if (slot !== undefined) drivers.status[slot] = status;
    },

    setVehicle: (driverId, vehicleType) => {
      const slot = slotOf.get(driverId);
      if (slot !== undefined) changeVehicle(slot, vehicleType);
    },

    where: (driverId) => {
      const slot = slotOf.get(driverId);
      if (slot === undefined || drivers.cell[slot] === -1) return null;
      const i = slot * WIDTH;
      const { fix } = drivers;
      return {
        lat: fix[i + LAT]!,
        lng: fix[i + LNG]!,
        heading: fix[i + HEADING]!,
        at: ms(fix[i + AT]!),
      };
    },

    nearest: (lat, lng, limit, radiusM, vehicleType, now) => {
      keepCellsFew();
      return search(lat, lng, limit, radiusM, vehicleType, now - policy.fixFreshMs, true, now);
    },

    around: (lat, lng, limit, radiusM, now) => {
      keepCellsFew();
      return search(lat, lng, limit, radiusM, null, -Infinity, false, now).found;
    },

    look,
    tileAt: (lat, lng) => tileOf(latLngToCell(lat, lng, policy.resolution), policy.resolution),
    shapeOfTile,
    tilesAround: cells.tilesAround,

    get size() {
      return slotOf.size;
    },
  };
};

const list = (cells: Cells, drivers: Drivers, slot: number, cell: number): void => {
  const second = cells.first[cell]!;
  cells.first[cell] = slot;
  drivers.cell[slot] = cell;
  drivers.previous[slot] = -1;
  drivers.next[slot] = second;
  if (second !== -1) drivers.previous[second] = slot;
  drivers.listed += 1;
};

const unlist = (cells: Cells, drivers: Drivers, slot: number): void => {
  const previous = drivers.previous[slot]!;
  const next = drivers.next[slot]!;
  if (previous === -1) cells.first[drivers.cell[slot]!] = next;
  else drivers.next[previous] = next;
  if (next !== -1) drivers.previous[next] = previous;
  drivers.cell[slot] = -1;
  drivers.listed -= 1;
};
