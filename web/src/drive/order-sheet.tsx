import { type DriveState, type Order, targetOf } from "./drive-model.ts";
import { distanceText, moneyText } from "../app/told.ts";
import { Button } from "antd";
import type { DriveSession } from "./drive-session.ts";
import { ReasonChoice } from "./reason-choice.tsx";
import { ToldFailure } from "../app/told-failure.tsx";
import type { Words } from "../words/words.ts";
import { distanceM, roadM } from "../../../src/domain/geo.ts";
import { useLanguage } from "../app/language.tsx";
import { useState } from "react";

interface Props {
  readonly session: DriveSession;
  readonly state: DriveState;
  readonly order: Order;
}

/** The order in hand: where to go, and the one thing to do next. */
export const OrderSheet = ({ session, state, order }: Props) => {
  const { language, words } = useLanguage();
  const { drive } = words;
  const [choosing, setChoosing] = useState<"cancel" | "arrive" | null>(null);
  const { asking, failure, fix } = state;
  const { orderId, status } = order;
  const target = targetOf(order);
  const beforeStart = status !== "in_progress";

  const arrive = async () => {
    const reply = await session.arrive(orderId);
    if (reply.is === "refused" && reply.error.code === "illegal_now") setChoosing("arrive");
  };
  if (choosing === "cancel" && beforeStart)
    return (
      <ReasonChoice
        title={drive.cancelWhy}
        reasons={drive.cancelReasons}
        confirm={drive.cancelYes}
        asking={asking}
        chosen={(reason) => void session.cancel(orderId, reason)}
        back={() => setChoosing(null)}
      />
    );
  if (choosing === "arrive" && (status === "accepted" || status === "en_route"))
    return (
      <ReasonChoice
        title={drive.farAway}
        reasons={drive.arriveReasons}
        confirm={drive.arriveAnyway}
        asking={asking}
        chosen={(reason) => void session.arrive(orderId, reason)}
        back={() => setChoosing(null)}
      />
    );
  return (
    <div className="phone-stack" data-status={status}>
      <div role="status">
        <h1>{titleOf(drive, status)}</h1>
      </div>
      <div className="phone-row">
        <span>
          <span className="phone-quiet">{drive.passenger}</span>
          <br />
          <strong>{order.firstName ?? drive.unnamed}</strong>
        </span>
        <span style={{ textAlign: "right" }}>
          <strong>{order.fare && moneyText(language, order.fare)}</strong>
          <br />
          <span className="phone-quiet">
            {target && fix && drive.left(distanceText(language, roadM(distanceM(fix, target))))}
          </span>
        </span>
      </div>
      <ToldFailure failure={failure} />
      <Button type="primary" size="large" loading={asking} onClick={() => void nextStep()}>
        {status === "in_progress" ? drive.complete : status === "arrived" ? drive.start : drive.arrived}
      </Button>
      {beforeStart && (
        <Button danger type="text" disabled={asking} onClick={() => setChoosing("cancel")}>
          {drive.cancelOrder}
        </Button>
      )}
    </div>
  );

  function nextStep() {
    if (status === "in_progress") return session.complete(orderId);
    return status === "arrived" ? session.start(orderId) : arrive();
  }
};

const titleOf = (drive: Words["drive"], status: Order["status"]): string =>
  status === "in_progress" ? drive.toDropoff : status === "arrived" ? drive.atPickup : drive.toPickup;
