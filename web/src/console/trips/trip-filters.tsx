import { Input, Select } from "antd";
import type { TripFilter } from "../../../../src/client/http.ts";
import type { TripStatus } from "../../../../src/domain/status.ts";
import { openDetail } from "../use-route.ts";
import { useOperator } from "../operator.tsx";
import { useWords } from "../../app/language.tsx";

export type Wanted = Pick<TripFilter, "q"> & { readonly status?: TripStatus };

interface Props {
  readonly wanted: Wanted;
  readonly want: (wanted: Wanted) => void;
}

const wholeId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Which trips: by status, and by the end of an id, a name or a plate; a trip whose whole id is given is opened. */
export const TripFilters = ({ wanted, want }: Props) => {
  const { trips } = useWords().console;
  const { http } = useOperator();
  const statuses = Object.entries(trips.status) as [TripStatus, string][];
  const { status = "" as const, q = "" } = wanted;
  const choose = (status: TripStatus | "", q: string) =>
    want({ ...(status !== "" && { status }), ...(q !== "" && { q }) });
  const find = async (typed: string) => {
    const text = typed.trim();
    // However old it is.
    if (wholeId.test(text) && (await http.trip(text)).is === "ok") openDetail({ kind: "trip", id: text });
    else choose(status, text);
  };
  return (
    <div className="tools" role="search">
      <Select<TripStatus | "">
        aria-label={trips.filterStatus}
        value={status}
        options={[
          { value: "", label: trips.anyStatus },
          ...statuses.map(([value, label]) => ({ value, label })),
        ]}
        onChange={(status) => choose(status, q)}
        style={{ width: 160 }}
      />
      <Input.Search
        aria-label={trips.find}
        placeholder={trips.find}
        allowClear
        maxLength={100}
        onSearch={(text) => void find(text)}
        style={{ width: 340 }}
      />
    </div>
  );
};
