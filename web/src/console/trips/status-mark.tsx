import type { TripStatus } from "../../../../src/domain/status.ts";
import { useWords } from "../../app/language.tsx";

/** A trip's status: a colour for the eye, the word for everybody. */
export const StatusMark = ({ status }: { readonly status: TripStatus }) => {
  const { console: words } = useWords();
  return (
    <span className="trip-status" data-status={status}>
      {words.trips.status[status]}
    </span>
  );
};
