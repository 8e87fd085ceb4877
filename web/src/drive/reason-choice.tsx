import { Button, Radio } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.tsx";

interface Props {
  readonly title: string;
  /** What is read, by what is sent. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly confirm: string;
  readonly asking: boolean;
  readonly chosen: (reason: string) => void;
  readonly back: () => void;
}

/** One of a few reasons, and then it is done. */
export const ReasonChoice = ({ title, reasons, confirm, asking, chosen, back }: Props) => {
  const { drive } = useWords();
  const [reason, setReason] = useState<string | null>(null);
  return (
    <div className="phone-stack" role="group" aria-label={title}>
      <h2>{title}</h2>
      <Radio.Group
        vertical
        aria-label={title}
        value={reason}
        onChange={({ target }) => setReason(String(target.value))}
        options={Object.entries(reasons).map(([value, label]) => ({ value, label }))}
      />
      <div className="phone-row phone-two">
        <Button onClick={back}>{drive.back}</Button>
        <Button
          type="primary"
          danger
          disabled={reason === null}
          loading={asking}
          onClick={() => reason !== null && chosen(reason)}
        >
          {confirm}
        </Button>
      </div>
    </div>
  );
};
