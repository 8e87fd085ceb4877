import { useCallback, useEffect, useRef, useState } from "react";
import type { DriverStatus } from "./colours.ts";
import { LazyMap } from "../../map/map.tsx";
import { Legend } from "./legend.tsx";
import type { Map as MapLibre } from "maplibre-gl";
import { followMap } from "./follow-map.ts";
import { showOnly } from "./layers.ts";
import { useDark } from "../../app/theme.tsx";
import { useOperator } from "../operator.tsx";
import { useWords } from "../../app/language.tsx";

const anywhere = { lat: 20, lng: 20 };

/** Everything that moves, as it is pushed. */
export const MapView = () => {
  const { console: words } = useWords();
  const operator = useOperator();
  const { market, client, store } = operator;
  const { dark } = useDark();
  const [map, setMap] = useState<{ readonly opened: MapLibre } | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<DriverStatus>>(new Set());
  const [cells, setCells] = useState(false);
  // The map says it again after a change of theme: all that was drawn is gone then.
  const ready = useCallback((opened: MapLibre) => setMap({ opened }), []);

  useEffect(() => {
    if (map === null) return undefined;
    return followMap(map.opened, operator, dark);
    // `dark` is as it was when the map got ready.
  }, [map, operator]);

  useEffect(() => {
    if (map !== null) showOnly(map.opened, hidden);
  }, [map, hidden]);

  useEffect(() => {
    if (!cells) return undefined;
    client.subscribe(["cells"]);
    return () => {
      client.unsubscribe(["cells"]);
      store.tell({ type: "cells", full: true, cells: [] });
    };
  }, [cells, client, store]);

  const first = useRef(true);
  useEffect(() => {
    if (!first.current && market.centre) map?.opened.jumpTo({ center: market.centre, zoom: 12 });
    first.current = false;
    // When another market is chosen, and not when the map is redrawn.
  }, [market]);

  return (
    <>
      <h1 className="unseen">{words.nav.map}</h1>
      <LazyMap
        style={{ position: "absolute", inset: 0 }}
        centre={market.centre ?? anywhere}
        zoom={market.centre ? 12 : 2}
        ready={ready}
        label={words.map.label}
        over={<Legend hidden={hidden} hide={setHidden} cells={cells} showCells={setCells} />}
      />
    </>
  );
};
