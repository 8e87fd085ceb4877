import { InputNumber } from "antd";
import { ReasonDialog } from "../reason-dialog.tsx";
import { newKey } from "../../app/new-key.ts";
import { shortId } from "./short-id.ts";
import { useAsked } from "./use-asked.ts";
import { useId, useState } from "react";
import { useOperator } from "../operator.tsx";
import { useWords } from "../../app/language.tsx";

interface Props {
  readonly tripId: string;
  /** What it is likely to have taken by road. */
  readonly rideM: number;
  readonly close: () => void;
  readonly done: () => void;
}

/** B115: a ride that has ended and whose driver's phone cannot say so. */
export const CompleteDialog = ({ tripId, rideM, close, done }: Props) => {
  const { trips } = useWords().console;
  const { http } = useOperator();
  const { busy, failure, ask } = useAsked(trips.done.completed, done);
  const [km, setKm] = useState(Math.round(rideM / 100) / 10);
  const id = useId();
  const complete = (reason: string) =>
    ask(http.completeTrip(tripId, newKey(), { distance_m: Math.round(km * 1_000), reason }));
  return (
    <ReasonDialog
      title={trips.completeTitle(shortId(tripId))}
      action={trips.actions["admin.complete"]}
      busy={busy}
      failure={failure}
      act={(reason) => void complete(reason)}
      close={close}
    >
      <div className="tools">
        <label htmlFor={id}>{trips.driven}</label>
        <InputNumber
          id={id}
          min={0}
          max={10_000}
          step={0.1}
          value={km}
          onChange={(value) => setKm(value ?? 0)}
        />
        <span className="quiet">{trips.drivenHint}</span>
      </div>
    </ReasonDialog>
  );
};
