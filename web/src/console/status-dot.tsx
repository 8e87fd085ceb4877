import type { DriverStatus } from "../../../src/domain/status.ts";
import { mapColours } from "./map/colours.ts";
import { useDark } from "../app/theme.tsx";
import { useWords } from "../app/language.tsx";

/** A driver's status, coloured as on the map. */
export const DriverStatusText = ({ status }: { readonly status: DriverStatus }) => {
  const { common } = useWords();
  const { drivers: colours } = mapColours(useDark().dark);
  return (
    <span className="dot">
      <i style={{ background: colours[status] }} />
      {common.driverStatus[status]}
    </span>
  );
};
