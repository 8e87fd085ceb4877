import { Button, Empty } from "antd";
import { type Failure, failureOf } from "../../app/failure.ts";
import { useCallback, useEffect, useState } from "react";
import type { Listed } from "../../../../src/protocol/quarantine-bodies.ts";
import { ReasonDialog } from "../reason-dialog.tsx";
import { ToldFailure } from "../../app/told-failure.tsx";
import { momentText } from "../../app/told.ts";
import { useMarketNamed } from "../use-market-of.ts";
import { useLanguage } from "../../app/language.tsx";
import { useConsole, useOperator } from "../operator.tsx";

type Item = Listed["items"][number];
type How = "retry" | "release";

/** Trips and drivers that take nothing until somebody repairs them. */
export const Quarantine = () => {
  const { language, words } = useLanguage();
  const told = words.console.alarms;
  const { http } = useOperator();
  const marketNamed = useMarketNamed();
  const [items, setItems] = useState<readonly Item[]>([]);
  const [failure, setFailure] = useState<Failure>();
  const [repairing, setRepairing] = useState<{ readonly item: Item; readonly how: How } | null>(null);
  const [busy, setBusy] = useState(false);
  const list = useCallback(async () => {
    const result = await http.quarantine();
    if (result.is === "ok") setItems(result.body.items);
    return failureOf(result);
  }, [http]);
  /** B134: pushed; what it counts is asked for. */
  const count = useConsole(({ newest }) => newest?.quarantined);
  useEffect(() => void list().then(setFailure), [list, count]);

  const repair = async ({ kind, id }: Item, how: How, reason: string) => {
    setBusy(true);
    const ask = how === "retry" ? http.retryQuarantined : http.releaseQuarantined;
    const failed = failureOf(await ask(kind, id, reason));
    setFailure((await list()) ?? failed);
    setBusy(false);
    setRepairing(null);
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
            <time className="quiet">{momentText(language, marketNamed(item.market), item.since)}</time>
            <span>{`${words.console.log[item.kind]} ${item.id}`}</span>
            <span>{item.why}</span>
            <span className="tools">
              <Button size="small" onClick={() => setRepairing({ item, how: "retry" })}>
                {told.retry}
              </Button>
              <Button size="small" danger onClick={() => setRepairing({ item, how: "release" })}>
                {told.release}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {repairing && (
        <ReasonDialog
          title={told[`${repairing.how}Why`](repairing.item.id)}
          action={told[repairing.how]}
          busy={busy}
          act={(reason) => void repair(repairing.item, repairing.how, reason)}
          close={() => setRepairing(null)}
        />
      )}
    </section>
  );
};
