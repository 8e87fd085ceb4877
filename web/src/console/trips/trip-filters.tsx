import { App, Input, Select } from "antd";
import type { TripFilter } from "../../../../src/client/http.ts";
import type { TripStatus } from "../../../../src/domain/status.ts";
import { openDetail } from "../use-route.ts";
import { useOperator } from "../operator.tsx";
import { useWords } from "../../app/language.tsx";

export type Wanted = Pick<TripFilter, "status" | "driver_id" | "passenger_id">;

interface Props {
  readonly wanted: Wanted;
  readonly want: (wanted: Wanted) => void;
}

/** Which trips: by status, driver and passenger; or one, by its id. */
export const TripFilters = ({ wanted, want }: Props) => {
  const { trips } = useWords().console;
  const { http } = useOperator();
  const { message } = App.useApp();
  const statuses = Object.entries(trips.status) as [TripStatus, string][];
  const without = (name: keyof Wanted): Wanted => {
    const { [name]: _, ...rest } = wanted;
    return rest;
  };
  const byId = (name: "driver_id" | "passenger_id") => (id: string) =>
    want(id.trim() === "" ? without(name) : { ...wanted, [name]: id.trim() });
  const open = async (text: string) => {
    const id = text.trim();
    if (id === "") return;
    const found = await http.trip(id);
    if (found.is === "refused" && found.error.code === "not_found") void message.warning(trips.notFound);
    else openDetail({ kind: "trip", id });
  };
  return (
    <div className="tools" role="search">
      <Select<TripStatus | "">
        aria-label={trips.filterStatus}
        value={(wanted.status as TripStatus | undefined) ?? ""}
        options={[
          { value: "", label: trips.anyStatus },
          ...statuses.map(([value, label]) => ({ value, label })),
        ]}
        onChange={(status) => want(status === "" ? without("status") : { ...wanted, status })}
        style={{ width: 160 }}
      />
      <Input.Search
        aria-label={trips.filterDriver}
        placeholder={trips.filterDriver}
        allowClear
        onSearch={byId("driver_id")}
        style={{ width: 220 }}
      />
      <Input.Search
        aria-label={trips.filterPassenger}
        placeholder={trips.filterPassenger}
        allowClear
        onSearch={byId("passenger_id")}
        style={{ width: 220 }}
      />
      <span style={{ flex: 1 }} />
      <Input.Search
        aria-label={trips.find}
        placeholder={trips.find}
        onSearch={(id) => void open(id)}
        style={{ width: 260 }}
      />
    </div>
  );
};
