import { Button } from "antd";
import type { PlaceKind, RideState } from "./ride-model.ts";
import { distanceText, minutesText, moneyText } from "../app/told.ts";
import type { Position } from "../../../src/domain/geo.ts";
import type { RideSession } from "./ride-session.ts";
import { ToldFailure } from "../app/told-failure.tsx";
import { VehicleChoice } from "../app/vehicle-choice.tsx";
import { myPosition } from "../app/my-position.ts";
import { useLanguage } from "../app/language.tsx";
import { useState } from "react";

interface Props {
  readonly session: RideSession;
  readonly state: RideState;
}

/** Where from, where to, for how much. */
export const PlanSheet = ({ session, state }: Props) => {
  const { ride } = useLanguage().words;
  const { plan, price, cars, asking, failure, link } = state;
  const complete = plan.pickup !== null && plan.dropoff !== null;
  const title = plan.pickup === null ? ride.whereFrom : plan.dropoff === null ? ride.whereTo : ride.ready;
  return (
    <div className="phone-stack">
      <div>
        <h1>{title}</h1>
        <p className="phone-quiet">
          {plan.pickup === null
            ? ride.tapMap
            : plan.dropoff === null
              ? ride.tapMapDropoff
              : cars.length === 0
                ? ride.noCarsNear
                : ride.carsNear(cars.length)}
        </p>
      </div>
      <div className="phone-places">
        <Place kind="pickup" at={plan.pickup} state={state} session={session} />
        <Place kind="dropoff" at={plan.dropoff} state={state} session={session} />
      </div>
      {plan.placing === "pickup" && <Here session={session} />}
      {complete && (
        <>
          <VehicleChoice value={plan.vehicleType} onChange={session.vehicle} disabled={asking !== null} />
          <PriceLine state={state} again={() => void session.askPrice()} />
        </>
      )}
      <ToldFailure failure={failure} />
      <Button
        type="primary"
        size="large"
        disabled={price.is !== "quoted" || link === "signed-out"}
        loading={asking === "ride"}
        onClick={session.request}
      >
        {asking === "ride" ? ride.requesting : ride.request}
      </Button>
    </div>
  );
};

const Place = ({
  kind,
  at,
  state,
  session,
}: Props & { readonly kind: PlaceKind; readonly at: Position | null }) => {
  const { ride } = useLanguage().words;
  const chosen = state.plan.placing === kind;
  return (
    <button
      type="button"
      className={`phone-place phone-place-${kind}`}
      aria-pressed={chosen}
      onClick={() => session.placing(kind)}
    >
      <span className="phone-dot" />
      <span>{ride[kind]}</span>
      <span className="phone-quiet">
        {at === null ? ride.notChosen : ride.chosen(at.lat.toFixed(4), at.lng.toFixed(4))}
      </span>
    </button>
  );
};

const Here = ({ session }: Pick<Props, "session">) => {
  const { ride } = useLanguage().words;
  const [state, setState] = useState<"idle" | "looking" | "unknown">("idle");
  const look = async () => {
    setState("looking");
    const at = await myPosition();
    setState(at === null ? "unknown" : "idle");
    if (at !== null) session.place(at, "pickup");
  };
  return (
    <>
      <Button loading={state === "looking"} onClick={() => void look()}>
        {state === "looking" ? ride.looking : ride.here}
      </Button>
      {state === "unknown" && <p role="alert">{ride.noPosition}</p>}
    </>
  );
};

const PriceLine = ({
  state: { price },
  again,
}: {
  readonly state: RideState;
  readonly again: () => void;
}) => {
  const { language, words } = useLanguage();
  const { ride } = words;
  switch (price.is) {
    case "none":
      return null;
    case "asking":
      return <p className="phone-quiet">{ride.pricing}</p>;
    case "refused":
      return (
        <>
          <ToldFailure failure={price.why} />
          <Button onClick={again}>{ride.tryAgain}</Button>
        </>
      );
    case "quoted": {
      const { fare, pickup_eta_s, duration_s, distance_m } = price.quote;
      return (
        <div className="phone-row">
          <span className="phone-big" data-testid="price">
            {moneyText(language, fare)}
          </span>
          <span style={{ textAlign: "right" }}>
            {pickup_eta_s === null ? ride.noDriverNear : ride.driverIn(minutesText(language, pickup_eta_s))}
            <br />
            <span className="phone-quiet">
              {ride.rideTakes(minutesText(language, duration_s), distanceText(language, distance_m))}
            </span>
          </span>
        </div>
      );
    }
    default:
      return price satisfies never;
  }
};
