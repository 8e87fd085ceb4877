import { Alert, Button, Segmented, Switch } from "antd";
import type { DriveSession } from "./drive-session.ts";
import type { DriveState } from "./drive-model.ts";
import type { SourceKind } from "./position-source.ts";
import { NewsCard } from "./news-card.tsx";
import { ToldFailure } from "../app/told-failure.tsx";
import { TodayCard } from "./today-card.tsx";
import { useState } from "react";
import { useWords } from "../app/language.tsx";

interface Props {
  readonly session: DriveSession;
  readonly state: DriveState;
}

/** Between orders: on duty or not, where positions come from, and what today has brought. */
export const IdleSheet = ({ session, state }: Props) => {
  const { drive } = useWords();
  const { status, news, failure, asking, fix } = state;
  return (
    <div className="phone-stack" data-status={status}>
      {news && <NewsCard news={news} seen={session.seen} />}
      <div role="status" className="phone-row">
        <h1>{status === null ? "…" : drive.status[status]}</h1>
        <span className="phone-light" data-on={status === "available"} aria-hidden="true" />
      </div>
      <ToldFailure failure={failure} />
      <div className="phone-row phone-two">
        {status === "available" ? (
          <>
            <Button size="large" loading={asking} onClick={() => void session.setStatus("paused")}>
              {drive.pause}
            </Button>
            <Button size="large" disabled={asking} onClick={() => void session.setStatus("offline")}>
              {drive.goOffline}
            </Button>
          </>
        ) : (
          <>
            {status === "paused" && (
              <Button size="large" disabled={asking} onClick={() => void session.setStatus("offline")}>
                {drive.goOffline}
              </Button>
            )}
            <Button
              size="large"
              type="primary"
              loading={asking}
              disabled={status === null || fix === null}
              onClick={() => void session.setStatus("available")}
            >
              {status === "paused" ? drive.goOn : drive.goOnline}
            </Button>
          </>
        )}
      </div>
      <PositionChoice session={session} state={state} />
      <TodayCard http={session.http} fix={fix} fresh={news} />
    </div>
  );
};

const PositionChoice = ({ session: { position }, state: { fix } }: Props) => {
  const { drive } = useWords();
  const [choice, setChoice] = useState(position.choice);
  const choose = (next: typeof choice) => {
    position.choose(next);
    setChoice(next);
  };
  return (
    <div className="phone-stack" style={{ gap: 8 }}>
      <div className="phone-row">
        <Segmented<SourceKind>
          aria-label={drive.positionFrom}
          value={choice.kind}
          onChange={(kind) => choose({ ...choice, kind })}
          options={[
            { value: "device", label: drive.gps },
            { value: "simulated", label: drive.simulated },
          ]}
        />
        {choice.kind === "simulated" && (
          <span className="phone-row" style={{ gap: 6 }}>
            <span id="faster">{drive.faster}</span>
            <Switch
              size="small"
              aria-labelledby="faster"
              checked={choice.faster}
              onChange={(faster) => choose({ ...choice, faster })}
            />
          </span>
        )}
      </div>
      {choice.kind === "simulated" ? (
        <p className="phone-quiet">{drive.simulatedText}</p>
      ) : (
        fix === null && <Alert type="warning" showIcon title={drive.noGps} />
      )}
    </div>
  );
};
