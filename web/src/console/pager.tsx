import { Button } from "antd";
import { useWords } from "../app/language.tsx";

interface Props {
  readonly pages: {
    readonly number: number;
    readonly back: (() => void) | null;
    readonly forward: (() => void) | null;
  };
}

/** The server pages by cursors: one forward, one back. */
export const Pager = ({ pages: { number, back, forward } }: Props) => {
  const { console: words } = useWords();
  return (
    <div className="tools">
      <Button size="small" disabled={back === null} onClick={() => back?.()}>
        {words.back}
      </Button>
      <span className="quiet">{words.page(number)}</span>
      <Button size="small" disabled={forward === null} onClick={() => forward?.()}>
        {words.forward}
      </Button>
    </div>
  );
};
