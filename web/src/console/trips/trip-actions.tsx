import { AssignDialog } from "./assign-dialog.tsx";
import { Button } from "antd";
import { CancelDialog } from "./cancel-dialog.tsx";
import { CompleteDialog } from "./complete-dialog.tsx";
import type { TripAction } from "./actions-in.ts";
import { useState } from "react";
import { useWords } from "../../app/language.tsx";

interface Props {
  readonly tripId: string;
  /** What it is likely to take by road. */
  readonly rideM: number;
  readonly actions: readonly TripAction[];
  /** It was done: what is shown may be read again. */
  readonly done: () => void;
}

/** What an operator may do with a trip now, as buttons; each asks for a reason first. */
export const TripActions = ({ tripId, rideM, actions, done }: Props) => {
  const { trips } = useWords().console;
  const [chosen, setChosen] = useState<TripAction | null>(null);
  const close = () => setChosen(null);
  const finish = () => {
    close();
    done();
  };
  return (
    // A click here opens nothing of the line that it is in.
    <span className="trip-actions" role="presentation" onClick={(event) => event.stopPropagation()}>
      {actions.map((action) => (
        <Button
          key={action}
          size="small"
          danger={action === "admin.cancel"}
          onClick={() => setChosen(action)}
        >
          {trips.actions[action]}
        </Button>
      ))}
      {chosen === "admin.cancel" && <CancelDialog tripId={tripId} close={close} done={finish} />}
      {chosen === "admin.complete" && (
        <CompleteDialog tripId={tripId} rideM={rideM} close={close} done={finish} />
      )}
      {(chosen === "admin.assign" || chosen === "admin.reassign") && (
        <AssignDialog tripId={tripId} again={chosen === "admin.reassign"} close={close} done={finish} />
      )}
    </span>
  );
};
