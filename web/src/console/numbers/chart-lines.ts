/** A line of a chart; its values stand at the chart's times. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** From times and values to where they are drawn. */
export interface Scale {
  /** Unix ms: what there is of the last hour, at least five minutes. */
  readonly from: number;
  readonly to: number;
  /** The highest tick. */
  readonly most: number;
  x(at: number): number;
  y(value: number): number;
}

const HOUR_MS = 3_600_000;
const LEAST_MS = 300_000;

export const scaleOf = (
  lines: readonly Line[],
  times: readonly number[],
  { left, right, top, bottom }: Box,
): Scale => {
  const to = times.at(-1) ?? 0;
  const from = Math.max(to - HOUR_MS, Math.min(times[0] ?? to, to - LEAST_MS));
  const highest = lines.reduce((most, { values }) => values.reduce((a, b) => Math.max(a, b), most), 0);
  const most = roundUp(highest);
  return {
    from,
    to,
    most,
    x: (at) => left + ((at - from) / (to - from)) * (right - left),
    y: (value) => bottom - (value / most) * (bottom - top),
  };
};

export const ticksOf = ({ most }: Scale): readonly number[] => [0, most / 2, most];

/** The next of 1, 2, 5, 10, 20, 50 …; 1 where nothing was. */
export const roundUp = (value: number): number => {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * (1 - 1e-9))!;
};

/** Twice as long as samples are apart: over a gap, as while the page was closed, no line is drawn. */
const GAP_MS = 45_000;

/** An SVG path. */
export const pathOf = (values: readonly number[], times: readonly number[], { x, y }: Scale): string =>
  values
    .map((value, i) => {
      const joined = i > 0 && times[i]! - times[i - 1]! <= GAP_MS;
      return `${joined ? "L" : "M"}${x(times[i]!).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join("");
