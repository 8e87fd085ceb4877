import { useEffect, useState } from "react";
import type { Operator } from "../open-operator.ts";
import { shortId } from "./short-id.ts";
import { useOperator } from "../operator.tsx";

const named = new WeakMap<Operator["http"], Map<string, Promise<string>>>();
/** More than one trip ever asks; the rest go by their ids. */
const LOOKED_UP = 12;

/** What to call drivers of whom a page knows the ids only. */
export const useDriverNames = (ids: readonly string[]): ((id: string) => string) => {
  const { http } = useOperator();
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const wanted = [...new Set(ids)].slice(0, LOOKED_UP).join(" ");
  useEffect(() => {
    const known = named.get(http) ?? new Map<string, Promise<string>>();
    named.set(http, known);
    const look = (id: string): Promise<string> =>
      http.driver(id).then((result) => {
        if (result.is !== "ok") return shortId(id);
        const { first_name, license_plate } = result.body;
        return first_name === null ? license_plate : `${first_name} ${license_plate}`;
      });
    for (const id of wanted.split(" ").filter(Boolean)) {
      const name = known.get(id) ?? look(id);
      known.set(id, name);
      void name.then((text) => setNames((before) => new Map([...before, [id, text]])));
    }
  }, [http, wanted]);
  return (id) => names.get(id) ?? shortId(id);
};
