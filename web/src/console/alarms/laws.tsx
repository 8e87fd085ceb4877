import { useConsole } from "../operator.tsx";
import { useWords } from "../../app/language.tsx";

/** What must always be 0. */
export const Laws = () => {
  const { console: words } = useWords();
  const breaks = useConsole(({ newest }) => newest?.invariant_breaks);
  const told = words.alarms;
  return (
    <section>
      <h2>{told.laws}</h2>
      <dl className="gauges">
        {Object.entries(breaks ?? {}).map(([law, count]) => (
          <div key={law} className={count === 0 ? "good" : "bad"}>
            <dt>{told.law[law] ?? law}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
};
