import { NODE, layoutOf, wayKey } from "./chart-layout.ts";
import type { ChartBody } from "../../../../src/protocol/chart-bodies.ts";
import { useMemo } from "react";
import { useWords } from "../../app/language.tsx";

interface Props {
  readonly chart: ChartBody;
  readonly state: string;
  /** The ways it has taken so far, as `wayKey` names them. */
  readonly taken: ReadonlySet<string>;
}

/** The statechart as it runs: where the trip is, and how it came there. */
export const TripChart = ({ chart, state, taken }: Props) => {
  const { trips } = useWords().console;
  const { width, height, states, ways } = useMemo(() => layoutOf(chart), [chart]);
  const nameOf = (id: string) => trips.states[id] ?? id;
  const isTaken = (way: { from: string; to: string }) => taken.has(wayKey(way.from, way.to));
  const visited = new Set(ways.filter(isTaken).flatMap(({ from, to }) => [from, to]));
  return (
    <svg
      className="trip-chart"
      viewBox={`-2 0 ${width + 4} ${height}`}
      role="img"
      aria-label={trips.chartLabel(nameOf(state))}
      data-state={state}
    >
      <defs>
        {["way", "taken"].map((kind) => (
          <marker
            key={kind}
            id={`arrow-${kind}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerUnits="userSpaceOnUse"
            markerWidth="8"
            markerHeight="8"
            orient="auto-start-reverse"
          >
            <path className={`arrow-${kind}`} d="M0 0.5L8 4L0 7.5Z" />
          </marker>
        ))}
      </defs>
      {ways
        .toSorted((a, b) => Number(isTaken(a)) - Number(isTaken(b)))
        .map((way) => (
          <path
            key={wayKey(way.from, way.to)}
            className="way"
            data-taken={isTaken(way)}
            d={way.path}
            markerEnd={`url(#arrow-${isTaken(way) ? "taken" : "way"})`}
          >
            <title>
              {`${nameOf(way.from)} → ${nameOf(way.to)}\n${way.causes
                .map(({ event, who }) =>
                  event === null
                    ? trips.byItself
                    : `${event} (${who.map((one) => trips.by[one]).join(", ")})`,
                )
                .join("\n")}`}
            </title>
          </path>
        ))}
      {states.map(({ id, final, x, y }) => (
        <g
          key={id}
          className="state"
          data-lit={id === state}
          data-visited={visited.has(id)}
          data-final={final}
        >
          <rect x={x} y={y} width={NODE.width} height={NODE.height} rx={final ? NODE.height / 2 : 8} />
          <text x={x + NODE.width / 2} y={y + NODE.height / 2}>
            {nameOf(id)}
          </text>
        </g>
      ))}
    </svg>
  );
};
