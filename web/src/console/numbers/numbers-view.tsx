import "./numbers.css";
import { useLanguage } from "../../app/language.tsx";
import { useConsole, useOperator } from "../operator.tsx";
import { LineChart } from "./line-chart.tsx";
import type { Stats } from "../../../../src/protocol/server-messages.ts";
import { shortClockText } from "../../app/told.ts";

const colours = ["#1677d2", "#c2570c", "#8a5cd6"];

type Read = (stats: Stats) => number;
type Percentiles = "match_latency_ms" | "time_to_first_offer_ms";
const percentiles = (of: Percentiles): [string, Read][] => [
  ["p50", (stats) => stats[of].p50],
  ["p95", (stats) => stats[of].p95],
  ["p99", (stats) => stats[of].p99],
];

/** How dispatch did in the last hour, of all markets together. */
export const NumbersView = () => {
  const { language, words } = useLanguage();
  const { market } = useOperator();
  const told = words.console.numbers;
  const samples = useConsole(({ hour }) => hour);
  const newest = useConsole(({ newest }) => newest);
  const hour = newest === null || newest === samples.at(-1) ? samples : [...samples, newest];
  const times = hour.map(({ at }) => at);
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const plain = (value: number) => number.format(value);
  const share = (value: number) => percent.format(value);
  const duration = (ms: number) =>
    ms < 1_000 ? `${plain(ms)} ${told.ms}` : `${plain(ms / 1_000)} ${told.s}`;
  const one = (read: Read): [string, Read][] => [["", read]];

  const charts: [title: string, say: (value: number) => string, lines: [string, Read][]][] = [
    [told.matchLatency, duration, percentiles("match_latency_ms")],
    [told.firstOffer, duration, percentiles("time_to_first_offer_ms")],
    [told.ordersPerMinute, plain, one((stats) => stats.orders_per_minute)],
    [told.activeOrders, plain, one((stats) => stats.active_orders)],
    [told.conversion, share, one((stats) => stats.conversion)],
    [told.cancellations, share, one((stats) => stats.cancellation_rate)],
    [told.activeDrivers, plain, one((stats) => stats.active_drivers)],
    [told.positions, plain, one((stats) => stats.pings_per_second)],
    [told.loopLag, duration, one((stats) => stats.loop_lag_ms)],
    [told.logLag, duration, one((stats) => stats.log_lag_ms)],
  ];
  return (
    <div className="page">
      <h1>{words.console.nav.numbers}</h1>
      <p className="quiet">{told.hint}</p>
      <div className="charts">
        {charts.map(([title, say, lines]) => (
          <LineChart
            key={title}
            title={title}
            say={say}
            times={times}
            clock={(at) => shortClockText(language, market, at)}
            lines={lines.map(([name, read], i) => ({ name, colour: colours[i]!, values: hour.map(read) }))}
          />
        ))}
      </div>
    </div>
  );
};
