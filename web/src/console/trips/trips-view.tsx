import "./trips.css";
import { Table, type TableColumnsType } from "antd";
import { type Wanted, TripFilters } from "./trip-filters.tsx";
import { actionsIn } from "./actions-in.ts";
import { useTripChart } from "./use-chart.ts";
import { momentText, moneyText } from "../../app/told.ts";
import { hashOf } from "../route.ts";
import { Pager } from "../pager.tsx";
import { openDetail } from "../use-route.ts";
import { StatusMark } from "./status-mark.tsx";
import { ToldFailure } from "../../app/told-failure.tsx";
import { TripActions } from "./trip-actions.tsx";
import type { TripRow } from "./trip-rows.ts";
import { shortId } from "./short-id.ts";
import { useLanguage } from "../../app/language.tsx";
import { useMarketOf } from "../use-market-of.ts";
import { useState } from "react";
import { useTrips } from "./use-trips.ts";

const ROWS = 25;

/** Trips, newest first, page by page from the server, and live. */
export const TripsView = () => {
  const { trips, nav } = useLanguage().words.console;
  const [wanted, setWanted] = useState<Wanted>({});
  const { rows, pages } = useTrips({ ...wanted, limit: ROWS });
  const columns = useColumns(pages.refresh);
  return (
    <div className="page">
      <h1>{nav.trips}</h1>
      <TripFilters wanted={wanted} want={setWanted} />
      <ToldFailure failure={pages.failure} />
      <Table<TripRow>
        size="small"
        rowKey="id"
        columns={columns}
        dataSource={rows}
        loading={pages.loading}
        pagination={false}
        scroll={{ x: 1_100 }}
        locale={{ emptyText: trips.none }}
        onRow={({ id }) => ({
          onClick: () => openDetail({ kind: "trip", id }),
          style: { cursor: "pointer" },
        })}
      />
      <Pager pages={pages} />
    </div>
  );
};

const useColumns = (readAgain: () => void): TableColumnsType<TripRow> => {
  const { language, words } = useLanguage();
  const { columns, details } = words.console.trips;
  const marketOf = useMarketOf();
  const chart = useTripChart();
  const told = (row: TripRow, at: number | null) =>
    at === null ? "" : momentText(language, marketOf(row), at);
  return [
    {
      title: columns.id,
      render: (_, { id }) => (
        <a
          className="trip-id"
          href={hashOf({ view: "trips", detail: { kind: "trip", id } })}
          title={`${details}: ${id}`}
        >
          {shortId(id)}
        </a>
      ),
    },
    { title: columns.status, render: (_, { status }) => <StatusMark status={status} /> },
    {
      title: columns.passenger,
      render: (_, { passengerId, passengerName }) => (
        <span className="name" title={passengerId}>
          {passengerName ?? shortId(passengerId)}
        </span>
      ),
    },
    {
      title: columns.driver,
      render: (_, { driver }) =>
        driver && (
          <span
            className="name"
            title={driver.driver_id}
          >{`${driver.first_name ?? shortId(driver.driver_id)} ${driver.license_plate}`}</span>
        ),
    },
    { title: columns.requested, render: (_, row) => told(row, row.requestedAt) },
    { title: columns.accepted, render: (_, row) => told(row, row.acceptedAt) },
    { title: columns.ended, render: (_, row) => told(row, row.endedAt) },
    {
      title: columns.fare,
      align: "right",
      render: (_, { fare }) => (fare === null ? words.common.noFare : moneyText(language, fare)),
    },
    {
      title: columns.actions,
      render: (_, { id, state, rideM }) => (
        <TripActions tripId={id} rideM={rideM} actions={actionsIn(chart, state)} done={readAgain} />
      ),
    },
  ];
};
