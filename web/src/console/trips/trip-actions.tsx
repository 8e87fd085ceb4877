import { type Failure, failureOf } from "../../app/failure.ts";
import { App, Button } from "antd";
import { AssignDialog } from "./assign-dialog.tsx";
import { ReasonDialog } from "../reason-dialog.tsx";
import type { TripAction } from "./actions-in.ts";
import { newKey } from "../../app/new-key.ts";
import { shortId } from "./short-id.ts";
import { useOperator } from "../operator.tsx";
import { useState } from "react";
import { useWords } from "../../app/language.tsx";

interface Props {
  readonly tripId: string;
  readonly actions: readonly TripAction[];
  /** It was done: what is shown may be read again. */
  readonly done: () => void;
}

/** What an operator may do with a trip now, as buttons; each asks for a reason first. */
export const TripActions = ({ tripId, actions, done }: Props) => {
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
      {(chosen === "admin.assign" || chosen === "admin.reassign") && (
        <AssignDialog tripId={tripId} again={chosen === "admin.reassign"} close={close} done={finish} />
      )}
    </span>
  );
};

interface DialogProps {
  readonly tripId: string;
  readonly close: () => void;
  readonly done: () => void;
}

const CancelDialog = ({ tripId, close, done }: DialogProps) => {
  const { trips } = useWords().console;
  const { http } = useOperator();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const cancel = async (reason: string) => {
    setBusy(true);
    const result = await http.cancelTrip(tripId, newKey(), reason);
    setBusy(false);
    setFailure(failureOf(result));
    if (result.is !== "ok") return;
    void message.success(trips.done.cancelled);
    done();
  };
  return (
    <ReasonDialog
      title={trips.cancelTitle(shortId(tripId))}
      action={trips.actions["admin.cancel"]}
      busy={busy}
      failure={failure}
      act={(reason) => void cancel(reason)}
      close={close}
    />
  );
};
