import { type Line, type Scale, pathOf, scaleOf, ticksOf } from "./chart-lines.ts";
import { useId } from "react";

interface Props {
  readonly title: string;
  /** The newest value of each line, as it is written. */
  readonly say: (value: number) => string;
  readonly lines: readonly Line[];
  /** Unix ms of each point, oldest first. */
  readonly times: readonly number[];
  readonly clock: (at: number) => string;
}

const WIDTH = 360;
const HEIGHT = 96;
const LEFT = 44;
const BOTTOM = 16;

/** Lines over the last hour. */
export const LineChart = ({ title, say, lines, times, clock }: Props) => {
  const id = useId();
  const scale: Scale = scaleOf(lines, times, {
    left: LEFT,
    top: 6,
    right: WIDTH - 4,
    bottom: HEIGHT - BOTTOM,
  });
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>
        <span>{title}</span>
        {lines.map(({ name, colour, values }) => (
          <span key={name} className="value">
            <i style={{ background: colour }} />
            {name} <b>{values.length > 0 ? say(values.at(-1)!) : "–"}</b>
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {ticksOf(scale).map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH - 4} y1={scale.y(value)} y2={scale.y(value)} className="grid" />
            <text x={LEFT - 6} y={scale.y(value) + 3} textAnchor="end">
              {say(value)}
            </text>
          </g>
        ))}
        {[scale.from, (scale.from + scale.to) / 2, scale.to].map((at, i) => (
          <text key={i} x={scale.x(at)} y={HEIGHT - 3} textAnchor={(["start", "middle", "end"] as const)[i]}>
            {clock(at)}
          </text>
        ))}
        {lines.map(({ name, colour, values }) => (
          <path key={name} d={pathOf(values, times, scale)} stroke={colour} />
        ))}
      </svg>
    </figure>
  );
};
