import "./trips.css";
import { Button, Table, type TableColumnsType } from "antd";
import { type Wanted, TripFilters } from "./trip-filters.tsx";
import { actionsIn } from "./actions-in.ts";
import { useTripChart } from "./use-chart.ts";
import { clockText, dateText, moneyText } from "../../app/told.ts";
import { hashOf } from "../route.ts";
import { openDetail } from "../use-route.ts";
import { StatusMark } from "./status-mark.tsx";
import { ToldFailure } from "../../app/told-failure.tsx";
import { TripActions } from "./trip-actions.tsx";
import type { TripRow } from "./trip-rows.ts";
import { shortId } from "./short-id.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";
import { useState } from "react";
import { useTrips } from "./use-trips.ts";

const ROWS = 25;

/** Trips, newest first, page by page from the server, and live. */
export const TripsView = () => {
  const { trips, nav } = useLanguage().words.console;
  const [wanted, setWanted] = useState<Wanted>({});
  /** The cursors of the pages before this one. */
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const { rows, next, loading, failure, readAgain } = useTrips({
    ...wanted,
    limit: ROWS,
    ...(cursor !== undefined && { cursor }),
  });
  const columns = useColumns(readAgain);
  return (
    <div className="page">
      <h1>{nav.trips}</h1>
      <TripFilters
        wanted={wanted}
        want={(wanted) => {
          setWanted(wanted);
          setCursors([]);
        }}
      />
      <ToldFailure failure={failure} />
      <Table<TripRow>
        size="small"
        rowKey="id"
        columns={columns}
        dataSource={rows}
        loading={loading}
        pagination={false}
        scroll={{ x: 1_100 }}
        locale={{ emptyText: trips.none }}
        onRow={({ id }) => ({
          onClick: () => openDetail({ kind: "trip", id }),
          style: { cursor: "pointer" },
        })}
      />
      <div className="tools">
        <Button
          size="small"
          disabled={cursors.length === 0}
          onClick={() => setCursors((before) => before.slice(0, -1))}
        >
          {trips.previous}
        </Button>
        <Button
          size="small"
          disabled={next === null}
          onClick={() => next !== null && setCursors((before) => [...before, next])}
        >
          {trips.next}
        </Button>
      </div>
    </div>
  );
};

const useColumns = (readAgain: () => void): TableColumnsType<TripRow> => {
  const { language, words } = useLanguage();
  const { columns, details } = words.console.trips;
  const { market } = useOperator();
  const chart = useTripChart();
  const clock = (at: number | null) => (at === null ? "" : clockText(language, market, at));
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
        <span title={passengerId}>{passengerName ?? shortId(passengerId)}</span>
      ),
    },
    {
      title: columns.driver,
      render: (_, { driver }) =>
        driver && (
          <span
            title={driver.driver_id}
          >{`${driver.first_name ?? shortId(driver.driver_id)} ${driver.license_plate}`}</span>
        ),
    },
    { title: columns.requested, render: (_, { requestedAt }) => dateText(language, market, requestedAt) },
    { title: columns.accepted, render: (_, { acceptedAt }) => clock(acceptedAt) },
    { title: columns.ended, render: (_, { endedAt }) => clock(endedAt) },
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
