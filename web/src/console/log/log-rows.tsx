import "./log.css";
import type { Row } from "../console-model.ts";
import { momentText } from "../../app/told.ts";
import { memo } from "react";
import { openDetail } from "../use-route.ts";
import { useLanguage } from "../../app/language.tsx";
import { useMarketNamed } from "../use-market-of.ts";

/** A plain table: 500 rows that change four times a second. */
export const LogRows = ({ rows }: { readonly rows: readonly Row[] }) => {
  const { console: words } = useLanguage().words;
  const told = words.log;
  return (
    <div className="log">
      <table>
        <thead>
          <tr>
            <th scope="col">{told.at}</th>
            <th scope="col">{told.position}</th>
            <th scope="col">{told.actor}</th>
            <th scope="col">{told.event}</th>
            <th scope="col">{told.states}</th>
            <th scope="col">{told.body}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <LogLine key={`${row.market} ${row.position}`} row={row} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="quiet">{told.waiting}</p>}
    </div>
  );
};

const LogLine = memo(({ row }: { readonly row: Row }) => {
  const { language, words } = useLanguage();
  const marketNamed = useMarketNamed();
  const told = words.console.log;
  return (
    <tr>
      <td>{momentText(language, marketNamed(row.market), row.at)}</td>
      <td>{`${row.market} ${row.position}`}</td>
      <td>
        <button type="button" onClick={() => openDetail({ kind: row.actor, id: row.actor_id })}>
          {`${told[row.actor]} ${row.actor_id.slice(-8)}`}
        </button>
      </td>
      <td>{row.event === undefined ? row.type : `${row.type} · ${row.event}`}</td>
      <td>{row.from === row.to ? row.to : `${row.from ?? "·"} → ${row.to}`}</td>
      <td className="body">{JSON.stringify(row.body)}</td>
    </tr>
  );
});
