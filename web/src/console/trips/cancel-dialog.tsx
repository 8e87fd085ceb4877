import { ReasonDialog } from "../reason-dialog.tsx";
import { newKey } from "../../app/new-key.ts";
import { shortId } from "./short-id.ts";
import { useAsked } from "./use-asked.ts";
import { useOperator } from "../operator.tsx";
import { useWords } from "../../app/language.tsx";

interface Props {
  readonly tripId: string;
  readonly close: () => void;
  readonly done: () => void;
}

export const CancelDialog = ({ tripId, close, done }: Props) => {
  const { trips } = useWords().console;
  const { http } = useOperator();
  const { busy, failure, ask } = useAsked(trips.done.cancelled, done);
  return (
    <ReasonDialog
      title={trips.cancelTitle(shortId(tripId))}
      action={trips.actions["admin.cancel"]}
      busy={busy}
      failure={failure}
      act={(reason) => void ask(http.cancelTrip(tripId, newKey(), reason))}
      close={close}
    />
  );
};
