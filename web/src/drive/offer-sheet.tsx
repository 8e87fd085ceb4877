import type { DriveState, Offer } from "./drive-model.ts";
import { distanceText, minutesText, moneyText } from "../app/told.ts";
import { useEffect, useRef, useState } from "react";
import { Button } from "antd";
import { CountdownRing } from "./countdown-ring.tsx";
import type { DriveSession } from "./drive-session.ts";
import { answerBy } from "./answer-by.ts";
import { ToldFailure } from "../app/told-failure.tsx";
import { rideM } from "../app/ride-m.ts";
import { roadM } from "../../../src/domain/geo.ts";
import { useLanguage } from "../app/language.tsx";

interface Props {
  readonly session: DriveSession;
  readonly state: DriveState;
  readonly offer: Offer;
}

const BUZZ_MS = 400;

/** An order to take or to leave, before the time is over; Enter and Escape answer as well (B47). */
export const OfferSheet = ({ session, state, offer }: Props) => {
  const { language, words } = useLanguage();
  const { drive } = words;
  const [over, setOver] = useState(false);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const answer = over ? null : answerBy(event, document.activeElement);
      if (answer !== null) void session.answer(answer);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [session, over]);

  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
    navigator.vibrate?.(BUZZ_MS);
  }, []);

  const { fare, passenger, pickup_distance_m, pickup_eta_s } = offer.order;
  return (
    <div
      className="phone-stack"
      role="alertdialog"
      aria-labelledby="offer-title"
      aria-describedby="offer-way"
    >
      <div className="phone-row">
        <div>
          <h1 id="offer-title" ref={title} tabIndex={-1}>
            {drive.offer}
          </h1>
          <p className="phone-quiet">{passenger.first_name ?? drive.unnamed}</p>
        </div>
        <CountdownRing label={drive.secondsLeft} endsAtMs={offer.endsAtMs} over={() => setOver(true)} />
      </div>
      <div className="phone-row">
        <span className="phone-big">{moneyText(language, fare)}</span>
        <span id="offer-way" style={{ textAlign: "right" }}>
          {pickup_distance_m !== null &&
            pickup_eta_s !== null &&
            drive.away(distanceText(language, roadM(pickup_distance_m)), minutesText(language, pickup_eta_s))}
          <br />
          <span className="phone-quiet">{drive.rideOf(distanceText(language, rideM(offer.order)))}</span>
        </span>
      </div>
      <ToldFailure failure={state.failure} />
      <div className="phone-row phone-two">
        <Button size="large" disabled={over || state.asking} onClick={() => void session.answer("decline")}>
          {drive.decline}
        </Button>
        <Button
          size="large"
          type="primary"
          disabled={over}
          loading={state.asking}
          onClick={() => void session.answer("accept")}
        >
          {drive.accept}
        </Button>
      </div>
      <p className="phone-quiet phone-keys">{drive.keys}</p>
    </div>
  );
};
