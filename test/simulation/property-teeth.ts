import { believesRows, countsRings, gathersAll, seesNoContent, shutsNobodyOut } from "./broken.ts";
import type { IRawProperty } from "fast-check";
import type { Tooth } from "./teeth.ts";
import { claimsInBatches } from "../properties/claims-in-batches.ts";
import { nearestByForce } from "../properties/nearest-by-force.ts";
import { poisonedActor } from "../properties/poisoned-actor.ts";
import { reusedKeys } from "../properties/reused-keys.ts";

/** A guard whose finder is a property. */
export interface PropertyTooth extends Pick<Tooth, "name" | "law" | "parts"> {
  readonly property: IRawProperty<unknown>;
}

export const propertyTeeth: readonly PropertyTooth[] = [
  {
    name: "a driver is released and claimed in one batch",
    law: "E6",
    parts: { gather: gathersAll },
    property: claimsInBatches,
  },
  {
    name: "the nearest are looked for ring by ring",
    law: "I9",
    parts: { createSearch: countsRings },
    property: nearestByForce(),
  },
  {
    name: "a key may be used again for something else",
    law: "P44",
    parts: { fingerprint: seesNoContent },
    property: reusedKeys,
  },
  {
    name: "an actor in quarantine goes on as it was last good",
    law: "M60",
    parts: { createQuarantine: shutsNobodyOut },
    property: poisonedActor,
  },
  {
    name: "an actor is what its rows say, whether or not one can live with that",
    law: "M60",
    parts: { recover: believesRows },
    property: poisonedActor,
  },
];
