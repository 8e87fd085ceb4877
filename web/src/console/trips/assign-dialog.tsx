import { Form, Input, Modal, Radio, Spin } from "antd";
import { type Failure, failureOf } from "../../app/failure.ts";
import { distanceText, minutesText } from "../../app/told.ts";
import { useEffect, useId, useState } from "react";
import type { CandidatesBody } from "../../../../src/protocol/chart-bodies.ts";
import { ToldFailure } from "../../app/told-failure.tsx";
import { gateWords } from "./gate-words.ts";
import { newKey } from "../../app/new-key.ts";
import { shortId } from "./short-id.ts";
import { useAsked } from "./use-asked.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";

type Candidate = CandidatesBody["candidates"][number];

interface Props {
  readonly tripId: string;
  /** It has a driver, who is freed. */
  readonly again: boolean;
  readonly close: () => void;
  readonly done: () => void;
}

/** Gives a trip to a driver by hand: who is near, how far, and why one cannot or would not be asked. */
export const AssignDialog = ({ tripId, again, close, done }: Props) => {
  const { common, console: words } = useLanguage().words;
  const { trips } = words;
  const { http } = useOperator();
  const form = useId();
  const [candidates, setCandidates] = useState<readonly Candidate[] | null>(null);
  const { busy, failure, ask } = useAsked(trips.done.assigned, done);
  const [unread, setUnread] = useState<Failure | undefined>(undefined);
  const [looked, setLooked] = useState(0);
  useEffect(() => {
    let wanted = true;
    void http.candidates(tripId).then((result) => {
      if (!wanted) return;
      if (result.is === "ok") setCandidates(result.body.candidates);
      else setUnread(failureOf(result));
    });
    return () => {
      wanted = false;
    };
  }, [http, tripId, looked]);

  const assign = async ({ driverId, reason }: { driverId: string; reason: string }) => {
    const asked = http.assignTrip(tripId, newKey(), { driver_id: driverId, reason: reason.trim() });
    if (!(await ask(asked))) setLooked((before) => before + 1); // somebody was taken meanwhile
  };
  return (
    <Modal
      open
      width={640}
      title={(again ? trips.reassignTitle : trips.assignTitle)(shortId(tripId))}
      okText={trips.actions[again ? "admin.reassign" : "admin.assign"]}
      cancelText={common.close}
      okButtonProps={{ htmlType: "submit", form, loading: busy, disabled: !candidates?.length }}
      onCancel={close}
    >
      <ToldFailure failure={failure === undefined ? unread : failure} />
      <Form<{ driverId: string; reason: string }>
        id={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(wish) => void assign(wish)}
      >
        <Form.Item
          name="driverId"
          label={trips.candidates}
          rules={[{ required: true, message: trips.chooseDriver }]}
        >
          {candidates === null ? (
            <Spin />
          ) : candidates.length === 0 ? (
            <span className="quiet">{trips.noCandidates}</span>
          ) : (
            <Radio.Group className="candidates" options={candidates.map(optionOf)} />
          )}
        </Form.Item>
        <Form.Item
          name="reason"
          label={common.reason}
          rules={[{ required: true, whitespace: true, max: 500, message: words.reasonNeeded }]}
        >
          <Input.TextArea rows={2} />
        </Form.Item>
      </Form>
    </Modal>
  );
};

const optionOf = (candidate: Candidate) => ({
  value: candidate.driver_id,
  disabled: !candidate.assignable,
  label: <CandidateLine candidate={candidate} />,
});

const CandidateLine = ({ candidate }: { readonly candidate: Candidate }) => {
  const { language, words } = useLanguage();
  const { trips } = words.console;
  const { driver_id, first_name, status, distance_m, eta_s, assignable, reason, gates } = candidate;
  const why = reason === null ? null : gateWords(words.console, language, reason, gates);
  return (
    <span className="candidate" data-driver={driver_id}>
      <strong>{first_name ?? shortId(driver_id)}</strong>
      <span>{words.common.driverStatus[status]}</span>
      <span className="quiet">{`${distanceText(language, distance_m)} · ${minutesText(language, eta_s)}`}</span>
      {why !== null && <em>{(assignable ? trips.wouldNot : trips.cannot)(why)}</em>}
    </span>
  );
};
