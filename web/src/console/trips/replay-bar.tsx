import { Button, Segmented, Slider } from "antd";
import { type Speed, type Replay, speeds } from "./use-replay.ts";
import type { TripEvent } from "./replay.ts";
import { momentText } from "../../app/told.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";

interface Props {
  readonly events: readonly TripEvent[];
  readonly replay: Replay;
}

/** One slider over the events of a trip. */
export const ReplayBar = ({ events, replay }: Props) => {
  const { language, words } = useLanguage();
  const { market } = useOperator();
  const { trips } = words.console;
  const { moment, index, playing, speed } = replay;
  return (
    <div className="replay" role="group" aria-label={trips.replay}>
      <Button
        size="small"
        disabled={events.length < 2}
        onClick={playing ? replay.pause : replay.play}
        style={{ minWidth: 76 }}
      >
        {playing ? trips.pause : trips.play}
      </Button>
      <Slider
        min={0}
        max={Math.max(1, events.length - 1)}
        value={index}
        onChange={(to) => replay.go(to)}
        disabled={events.length < 2}
        tooltip={{ formatter: null }}
        ariaLabelForHandle={trips.moment}
        style={{ flex: 1 }}
      />
      <output>{moment === null ? trips.now : momentText(language, market, moment)}</output>
      <Segmented<Speed>
        size="small"
        aria-label={trips.speed}
        value={speed}
        options={speeds.map((value) => ({ value, label: `${value}×` }))}
        onChange={replay.setSpeed}
      />
    </div>
  );
};
