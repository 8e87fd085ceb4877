import type { DriverStatus } from "../../../src/domain/status.ts";
import { driverColours } from "./map/colours.ts";
import { useWords } from "../app/language.tsx";

/** A driver's status, coloured as on the map. */
export const DriverStatusText = ({ status }: { readonly status: DriverStatus }) => {
  const { common } = useWords();
  return (
    <span className="dot">
      <i style={{ background: driverColours[status] }} />
      {common.driverStatus[status]}
    </span>
  );
};
