import type { ChartBody } from "../../../../src/protocol/chart-bodies.ts";

export const NODE = { width: 118, height: 40 };
const STEP = NODE.width + 34;
/** Room above the states for the ways that leave some out, and below for those that lead back. */
const ABOVE = 46;
const BELOW = 62;
const LANE = 56;

export interface PlacedState {
  readonly id: string;
  readonly final: boolean;
  readonly x: number;
  readonly y: number;
}
/** All that leads from one state to another. */
export interface PlacedWay {
  readonly from: string;
  readonly to: string;
  /** `d` of an SVG path. */
  readonly path: string;
  readonly causes: readonly { readonly event: string | null; readonly who: readonly string[] }[];
}
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly states: readonly PlacedState[];
  readonly ways: readonly PlacedWay[];
}

export const wayKey = (from: string, to: string): string => `${from} ${to}`;

/**
 * B90: states stand in a row in the order the chart lists them, which is that of progress; the final ones below
 * each other at its end. What leads on runs above, what leads back below, and what ends early in lanes.
 */
export const layoutOf = ({ states, transitions }: ChartBody): Layout => {
  const live = states.filter(({ final }) => !final);
  const finals = states.filter(({ final }) => final);
  const rowY = ABOVE;
  const placed = new Map<string, PlacedState>();
  live.forEach(({ id }, i) => placed.set(id, { id, final: false, x: i * STEP, y: rowY }));
  finals.forEach(({ id }, i) =>
    placed.set(id, {
      id,
      final: true,
      x: live.length * STEP,
      y: i === 0 ? rowY : rowY + NODE.height + BELOW - LANE + i * LANE,
    }),
  );

  const causes = new Map<string, { event: string | null; who: readonly string[] }[]>();
  for (const { from, to, event, who } of transitions)
    if (from !== to) causes.set(wayKey(from, to), [...(causes.get(wayKey(from, to)) ?? []), { event, who }]);
  const ways = [...causes].map(([key, causes]) => {
    const [from = "", to = ""] = key.split(" ");
    return { from, to, causes, path: pathOf(placed.get(from)!, placed.get(to)!) };
  });

  const all = [...placed.values()];
  return {
    width: Math.max(...all.map(({ x }) => x)) + NODE.width,
    height: Math.max(rowY + NODE.height + BELOW, ...all.map(({ y }) => y + NODE.height)) + 2,
    states: all,
    ways,
  };
};

const pathOf = (from: PlacedState, to: PlacedState): string => {
  const columns = Math.round((to.x - from.x) / STEP);
  const middle = from.y + NODE.height / 2;
  if (to.y > from.y) {
    // Into a lane; those of other finals stand a little aside.
    const x = from.x + NODE.width / 2 + (to.y - from.y) / 8;
    return `M${x} ${from.y + NODE.height}V${to.y + NODE.height / 2}H${to.x}`;
  }
  if (columns === 1) return `M${from.x + NODE.width} ${middle}H${to.x}`;
  const onward = columns > 1;
  const height = onward ? -14 * Math.min(columns, 3) : 10 + 13 * Math.min(-columns, 4);
  const y = onward ? from.y : from.y + NODE.height;
  const start = from.x + NODE.width * (onward ? 0.6 : 0.35);
  const end = to.x + NODE.width * (onward ? 0.4 : 0.65);
  return `M${start} ${y}C${start} ${y + height} ${end} ${y + height} ${end} ${y}`;
};
