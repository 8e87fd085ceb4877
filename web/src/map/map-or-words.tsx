import "./map.css";
import { type ReactNode, Suspense } from "react";
import { Boundary } from "../app/boundary.tsx";
import { Spin } from "antd";
import { useWords } from "../app/language.tsx";

/** B124: where a map cannot be drawn, or its code does not come, its place says so, and the page goes on. */
export const MapOrWords = ({ children }: { readonly children: ReactNode }) => (
  <Boundary instead={() => <NoMap />}>
    <Suspense fallback={<Spin style={{ position: "absolute", inset: 0, margin: "auto", height: 20 }} />}>
      {children}
    </Suspense>
  </Boundary>
);

const NoMap = () => {
  const { common } = useWords();
  return (
    <p className="no-map" role="status">
      {common.noMap}
    </p>
  );
};
