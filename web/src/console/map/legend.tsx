import "./legend.css";
import { type DriverStatus, driverStatuses, mapColours } from "./colours.ts";
import { Switch } from "antd";
import { countsOf } from "../console-model.ts";
import { useConsole } from "../operator.tsx";
import { useDark } from "../../app/theme.tsx";
import { useId, useMemo } from "react";
import { useWords } from "../../app/language.tsx";

interface Props {
  readonly hidden: ReadonlySet<DriverStatus>;
  readonly hide: (hidden: ReadonlySet<DriverStatus>) => void;
  readonly cells: boolean;
  readonly showCells: (shown: boolean) => void;
}

/** What the colours mean, how many there are of each in the box that is seen, and which are shown. */
export const Legend = ({ hidden, hide, cells, showCells }: Props) => {
  const { common, console: words } = useWords();
  const colours = mapColours(useDark().dark);
  const cars = useConsole(({ cars }) => cars);
  const counted = useConsole(({ counted }) => counted);
  const orders = useConsole(({ orders }) => orders);
  const counts = useMemo(() => countsOf(cars), [cars]);
  const open = useMemo(
    () => [...orders.values()].filter(({ status }) => status === "requested").length,
    [orders],
  );
  const id = useId();
  const toggle = (status: DriverStatus) => {
    const next = new Set(hidden);
    if (!next.delete(status)) next.add(status);
    hide(next);
  };
  const many = counted === null ? 0 : [...counted.values()].reduce((sum, { count }) => sum + count, 0);
  return (
    <section className="legend" aria-label={words.map.legend}>
      {counted === null ? (
        driverStatuses
          .filter((status) => status !== "offline" || counts.has(status))
          .map((status) => (
            <button
              key={status}
              type="button"
              aria-pressed={!hidden.has(status)}
              onClick={() => toggle(status)}
            >
              <i style={{ background: colours.drivers[status] }} />
              <span>{common.driverStatus[status]}</span>
              <b>{counts.get(status) ?? 0}</b>
            </button>
          ))
      ) : (
        <p>{words.map.counted(many)}</p>
      )}
      <div className="row">
        <i style={{ background: colours.request }} />
        <span>{words.map.requests}</span>
        <b>{open}</b>
      </div>
      <div className="row">
        <label htmlFor={id}>{words.map.cells}</label>
        <Switch id={id} size="small" checked={cells} onChange={showCells} />
      </div>
      {cells && (
        <p className="scale">
          <span>{words.map.supply}</span>
          <i />
          <span>{words.map.demand}</span>
        </p>
      )}
    </section>
  );
};
