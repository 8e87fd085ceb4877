import { Button, Empty } from "antd";
import { type Failure, failureOf } from "../../app/failure.ts";
import { useCallback, useEffect, useState } from "react";
import type { Listed } from "../../../../src/protocol/quarantine-bodies.ts";
import { ReasonDialog } from "../reason-dialog.tsx";
import { ToldFailure } from "../../app/told-failure.tsx";
import { dateText } from "../../app/told.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";

type Item = Listed["items"][number];

/** Trips and drivers that take nothing until somebody repairs them. */
export const Quarantine = () => {
  const { language, words } = useLanguage();
  const told = words.console.alarms;
  const { market, http } = useOperator();
  const [items, setItems] = useState<readonly Item[]>([]);
  const [failure, setFailure] = useState<Failure>();
  const [releasing, setReleasing] = useState<Item | null>(null);
  const [busy, setBusy] = useState(false);
  const list = useCallback(async () => {
    const result = await http.quarantine();
    if (result.is === "ok") setItems(result.body.items);
    return failureOf(result);
  }, [http]);
  useEffect(() => void list().then(setFailure), [list]);

  const repair = async (made: Promise<Parameters<typeof failureOf>[0]>) => {
    setBusy(true);
    const failed = failureOf(await made);
    setFailure((await list()) ?? failed);
    setBusy(false);
    setReleasing(null);
  };
  return (
    <section>
      <div className="tools">
        <h2>{told.quarantine}</h2>
        <Button size="small" onClick={() => void list().then(setFailure)}>
          {words.console.refresh}
        </Button>
      </div>
      <ToldFailure failure={failure} />
      {items.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={told.noQuarantine} />}
      <ul className="lines">
        {items.map((item) => (
          <li key={`${item.kind} ${item.id}`}>
            <time className="quiet">{dateText(language, market, item.since)}</time>
            <span>{`${words.console.log[item.kind]} ${item.id}`}</span>
            <span>{item.why}</span>
            <span className="tools">
              <Button
                size="small"
                disabled={busy}
                onClick={() => void repair(http.retryQuarantined(item.kind, item.id))}
              >
                {told.retry}
              </Button>
              <Button size="small" danger disabled={busy} onClick={() => setReleasing(item)}>
                {told.release}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {releasing && (
        <ReasonDialog
          title={told.releaseWhy(releasing.id)}
          action={told.release}
          busy={busy}
          act={(reason) => void repair(http.releaseQuarantined(releasing.kind, releasing.id, reason))}
          close={() => setReleasing(null)}
        />
      )}
    </section>
  );
};
