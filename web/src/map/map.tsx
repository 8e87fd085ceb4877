import { type CSSProperties, type ReactNode, Suspense, lazy } from "react";
import { Spin } from "antd";
import type { MapProps } from "./opened-map.tsx";

/** A map; its code comes when the first one is shown. */
const Opened = lazy(() => import("./opened-map.tsx").then(({ OpenedMap }) => ({ default: OpenedMap })));

interface Props extends MapProps {
  readonly style?: CSSProperties;
  /** What lies over the map. */
  readonly over?: ReactNode;
}

export const LazyMap = ({ style, over, ...rest }: Props) => (
  <div style={{ position: "relative", overflow: "hidden", ...style }}>
    <Suspense fallback={<Spin style={{ position: "absolute", inset: 0, margin: "auto", height: 20 }} />}>
      <Opened {...rest} />
    </Suspense>
    {over}
  </div>
);
