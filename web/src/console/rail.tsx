import { type View, hashOf, views } from "./route.ts";
import { useAlarms } from "./alarms/use-alarms.ts";
import { useConsole } from "./operator.tsx";
import { useWords } from "../app/language.tsx";

/** The views, with what is live in them counted. */
export const Rail = ({ view }: { readonly view: View }) => {
  const { console: words } = useWords();
  const orders = useConsole(({ orders }) => orders.size);
  const broken = useConsole(({ newest }) => sum(newest?.invariant_breaks ?? {}));
  const quarantined = useConsole(({ newest }) => newest?.quarantined ?? 0);
  const alarms = useAlarms().length + broken + quarantined;
  const counted: Partial<Record<View, number>> = { trips: orders, alarms };
  return (
    <nav className="rail" aria-label={words.nav.label}>
      {views.map((one) => (
        <a
          key={one}
          href={hashOf({ view: one, detail: null })}
          aria-current={one === view ? "page" : undefined}
        >
          <span>{words.nav[one]}</span>
          {(counted[one] ?? 0) > 0 && (
            <b className={one === "alarms" ? "count alarm" : "count"}>{counted[one]}</b>
          )}
        </a>
      ))}
    </nav>
  );
};

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0);
