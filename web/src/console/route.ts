export const views = ["map", "trips", "drivers", "numbers", "alarms", "log"] as const;
export type View = (typeof views)[number];

/** What is on the desk: a view, and over it the detail of a trip or a driver. */
export interface Route {
  readonly view: View;
  readonly detail: Detail | null;
}
export interface Detail {
  readonly kind: "trip" | "driver";
  readonly id: string;
}

/** `#/drivers?driver=d1` */
export const routeOf = (hash: string): Route => {
  const [path = "", query = ""] = hash.replace(/^#\//, "").split("?");
  const params = new URLSearchParams(query);
  const kind = (["trip", "driver"] as const).find((kind) => params.has(kind));
  return {
    view: views.find((view) => view === path) ?? "map",
    detail: kind === undefined ? null : { kind, id: params.get(kind)! },
  };
};

export const hashOf = ({ view, detail }: Route): string =>
  `#/${view}${detail === null ? "" : `?${new URLSearchParams([[detail.kind, detail.id]]).toString()}`}`;
