import { Button, Rate, Segmented } from "antd";
import type { RideState, Trip } from "./ride-model.ts";
import type { RideSession } from "./ride-session.ts";
import { moneyText } from "../app/told.ts";
import { tipsFor } from "./tips.ts";
import { useLanguage } from "../app/language.tsx";
import { useState } from "react";

interface Props {
  readonly session: RideSession;
  readonly state: RideState;
  readonly trip: Trip;
}

/** One to five stars, and a tip. */
export const Rating = ({ session, state, trip }: Props) => {
  const { language, words } = useLanguage();
  const { ride } = words;
  const [stars, setStars] = useState(0);
  const [tip, setTip] = useState(0);
  if (trip.rated)
    return (
      <p role="status">
        <strong>{ride.thanks}</strong>
      </p>
    );
  const { fare } = trip;
  return (
    <div className="phone-stack" role="group" aria-label={ride.rate}>
      <div className="phone-row">
        <h2>{ride.rate}</h2>
        <Rate allowClear={false} value={stars} onChange={setStars} aria-label={ride.stars} />
      </div>
      {fare && (
        <Segmented
          block
          aria-label={ride.tip}
          value={tip}
          onChange={setTip}
          options={tipsFor(fare).map((amount) => ({
            value: amount,
            label: amount === 0 ? ride.noTip : moneyText(language, { ...fare, amount }),
          }))}
        />
      )}
      <Button
        type="primary"
        size="large"
        disabled={stars === 0}
        loading={state.asking === "rating"}
        onClick={() => void session.rate(trip.orderId, stars, tip)}
      >
        {ride.sendRating}
      </Button>
    </div>
  );
};
