import { Button, Input, Select } from "antd";
import { type LogFilter, anyRow, fits } from "./log-filter.ts";
import { LogRows } from "./log-rows.tsx";
import { ROWS_KEPT, type Row } from "../console-model.ts";
import { useConsole } from "../operator.tsx";
import { useLanguage } from "../../app/language.tsx";
import { useServerConfig } from "../../app/server-config.tsx";
import { useState } from "react";

/** The log as it is written, newest first, with the newest of what was there before. */
export const LogView = () => {
  const { console: words } = useLanguage().words;
  const told = words.log;
  const { markets } = useServerConfig();
  const live = useConsole(({ rows }) => rows);
  const [paused, setPaused] = useState<readonly Row[] | null>(null);
  const [filter, setFilter] = useState<LogFilter>(anyRow);
  const rows = (paused ?? live).filter((row) => fits(filter, row));
  const change = (part: Partial<LogFilter>) => setFilter({ ...filter, ...part });
  return (
    <div className="page">
      <div className="tools">
        <h1>{words.nav.log}</h1>
        <Select
          size="small"
          aria-label={told.actor}
          style={{ width: 140 }}
          value={filter.actor}
          options={[
            { value: "" as const, label: told.anyActor },
            { value: "trip" as const, label: told.trip },
            { value: "driver" as const, label: told.driver },
          ]}
          onChange={(actor) => change({ actor })}
        />
        <Input
          size="small"
          allowClear
          aria-label={told.id}
          placeholder={told.id}
          style={{ width: 220 }}
          value={filter.id}
          onChange={({ target }) => change({ id: target.value })}
        />
        <Input
          size="small"
          allowClear
          aria-label={told.type}
          placeholder={told.type}
          style={{ width: 180 }}
          value={filter.type}
          onChange={({ target }) => change({ type: target.value })}
        />
        <Select
          size="small"
          aria-label={words.market}
          style={{ width: 160 }}
          value={filter.market}
          options={[
            { value: "", label: told.anyMarket },
            ...markets.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(market) => change({ market })}
        />
        <Button size="small" aria-pressed={paused !== null} onClick={() => setPaused(paused ? null : live)}>
          {paused ? told.resume : told.pause}
        </Button>
        <span className="quiet">{told.shown(rows.length, ROWS_KEPT)}</span>
      </div>
      <LogRows rows={rows} />
    </div>
  );
};
