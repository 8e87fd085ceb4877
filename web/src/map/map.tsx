import type { CSSProperties, ReactNode } from "react";
import type { MapProps } from "./opened-map.tsx";
import { MapOrWords } from "./map-or-words.tsx";
import { lazily } from "../app/lazily.ts";
import { withWorker } from "./with-worker.ts";

/** A map; its code comes when the first one is shown. */
const Opened = lazily(() => withWorker(import("./opened-map.tsx")).then(({ OpenedMap }) => OpenedMap));

interface Props extends MapProps {
  readonly style?: CSSProperties;
  /** What lies over the map. */
  readonly over?: ReactNode;
}

export const LazyMap = ({ style, over, ...rest }: Props) => (
  <div style={{ position: "relative", overflow: "hidden", ...style }}>
    <MapOrWords>
      <Opened {...rest} />
    </MapOrWords>
    {over}
  </div>
);
