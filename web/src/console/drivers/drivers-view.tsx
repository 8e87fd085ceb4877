import { Button, Input, Select, Spin, Table, type TableColumnsType } from "antd";
import type { DriverBody } from "../../../../src/protocol/http-bodies.ts";
import type { DriverStatus } from "../../../../src/domain/status.ts";
import { DriverStatusText } from "../status-dot.tsx";
import { Pager } from "../pager.tsx";
import { ToldFailure } from "../../app/told-failure.tsx";
import { agoText, dateText } from "../../app/told.ts";
import { driverStatuses } from "../map/colours.ts";
import { openDetail } from "../use-route.ts";
import { useBeat } from "../use-beat.ts";
import { useLanguage } from "../../app/language.tsx";
import { useConsole, useOperator } from "../operator.tsx";
import { usePages } from "../use-pages.ts";
import { useServerNow } from "../use-server-now.ts";
import { useState } from "react";

const ROWS = 50;

/** Every registered driver, newest change of status first. */
export const DriversView = () => {
  const { language, words } = useLanguage();
  const told = words.console.drivers;
  const { http, market } = useOperator();
  const [status, setStatus] = useState<DriverStatus | undefined>();
  const [q, setQ] = useState("");
  const filter = { limit: ROWS, ...(status && { status }), ...(q && { q }) };
  const pages = usePages(
    JSON.stringify(filter),
    (cursor) => http.drivers({ ...filter, ...(cursor && { cursor }) }),
    useDriversPushed(),
  );
  const now = useServerNow();
  const columns: TableColumnsType<DriverBody> = [
    {
      title: told.name,
      key: "name",
      render: (_, driver) => (
        <a
          className="name"
          title={nameOf(driver)}
          href={`#/drivers?driver=${driver.driver_id}`}
          onClick={(event) => {
            event.preventDefault();
            openDetail({ kind: "driver", id: driver.driver_id });
          }}
        >
          {nameOf(driver)}
        </a>
      ),
    },
    { title: told.vehicle, dataIndex: "vehicle_type" },
    { title: told.plate, dataIndex: "license_plate" },
    { title: told.status, key: "status", render: (_, { status }) => <DriverStatusText status={status} /> },
    {
      title: told.since,
      key: "since",
      render: (_, { since }) => (since === null ? "–" : dateText(language, market, since)),
    },
    {
      title: told.fix,
      key: "fix",
      render: (_, { seen_at: at }) => (at === null ? "–" : agoText(language, now - Date.parse(at))),
    },
    { title: told.misses, dataIndex: "misses", align: "right" },
  ];
  return (
    <div className="page">
      <div className="tools">
        <h1>{words.console.nav.drivers}</h1>
        <Select
          allowClear
          size="small"
          aria-label={told.status}
          placeholder={told.anyStatus}
          style={{ width: 160 }}
          {...(status && { value: status })}
          options={driverStatuses.map((value) => ({ value, label: words.common.driverStatus[value] }))}
          onChange={setStatus}
        />
        <Input.Search
          size="small"
          aria-label={told.find}
          placeholder={told.find}
          style={{ width: 320 }}
          allowClear
          maxLength={100}
          onSearch={(text) => setQ(text.trim())}
        />
        <Button size="small" onClick={pages.refresh}>
          {words.console.refresh}
        </Button>
        <Pager pages={pages} />
      </div>
      <ToldFailure failure={pages.failure} />
      {pages.loading ? (
        <Spin />
      ) : (
        <Table
          size="small"
          rowKey="driver_id"
          columns={columns}
          dataSource={pages.items}
          pagination={false}
          locale={{ emptyText: told.nobody }}
          scroll={{ x: "max-content" }}
        />
      )}
    </div>
  );
};

/** B135: another text after each row of the log about a driver, and at the beat of their positions. */
const useDriversPushed = (): string => {
  const row = useConsole(({ rows }) => {
    const newest = rows.find(({ actor }) => actor === "driver");
    return newest && `${newest.market} ${newest.position}`;
  });
  return `${row} ${useBeat()}`;
};

export const nameOf = ({ first_name, last_name, driver_id }: DriverBody): string =>
  [first_name, last_name].filter((part) => part !== null).join(" ") || driver_id;
