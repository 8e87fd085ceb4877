import { Button, Progress } from "antd";
import type { RideState, Trip } from "./ride-model.ts";
import { minutesText, moneyText } from "../app/told.ts";
import type { RideSession } from "./ride-session.ts";
import { ToldFailure } from "../app/told-failure.tsx";
import { useLanguage } from "../app/language.tsx";
import { useState } from "react";
import type { Words } from "../words/words.ts";

interface Props {
  readonly session: RideSession;
  readonly state: RideState;
  readonly trip: Trip;
}

/** A trip that goes on: who comes, when, and how to call it off. */
export const TripSheet = ({ session, state, trip }: Props) => {
  const { language, words } = useLanguage();
  const { ride } = words;
  return (
    <div className="phone-stack" data-status={trip.status}>
      <div role="status">
        <h1>{titleOf(ride, trip)}</h1>
        <p className="phone-quiet">{textOf(ride, trip, (s) => minutesText(language, s))}</p>
      </div>
      {trip.status === "requested" ? <Searching label={ride.searching} /> : <Driver trip={trip} />}
      {trip.fare && (
        <div className="phone-row">
          <span className="phone-quiet">{ride.fare}</span>
          <strong>{moneyText(language, trip.fare)}</strong>
        </div>
      )}
      <ToldFailure failure={state.failure} />
      {trip.status !== "in_progress" && (
        <Cancel
          withDriver={trip.driver !== null}
          asking={state.asking === "cancel"}
          cancel={() => void session.cancel(trip.orderId)}
        />
      )}
    </div>
  );
};

const Searching = ({ label }: { readonly label: string }) => (
  <Progress percent={100} status="active" showInfo={false} aria-label={label} />
);

const Driver = ({ trip: { driver } }: { readonly trip: Trip }) => {
  const { ride, phone } = useLanguage().words;
  if (driver === null) return null;
  const types: Readonly<Record<string, string>> = phone.vehicles;
  return (
    <div className="phone-row" role="group" aria-label={ride.driver}>
      <span>
        <strong>{driver.first_name}</strong>
        <br />
        <span className="phone-quiet">{types[driver.vehicle_type] ?? driver.vehicle_type}</span>
      </span>
      <span className="phone-plate">{driver.license_plate}</span>
    </div>
  );
};

const titleOf = (ride: Words["ride"], { status }: Trip): string =>
  status === "requested"
    ? ride.searching
    : status === "arrived"
      ? ride.arrived
      : status === "in_progress"
        ? ride.inProgress
        : ride.accepted;

const textOf = (ride: Words["ride"], { status, etaS }: Trip, minutes: (s: number) => string): string => {
  if (status === "requested") return ride.searchingText;
  if (status === "arrived") return ride.arrivedText;
  if (etaS === null) return "";
  return (status === "in_progress" ? ride.thereIn : ride.arrivesIn)(minutes(etaS));
};

interface CancelProps {
  readonly withDriver: boolean;
  readonly asking: boolean;
  readonly cancel: () => void;
}

const Cancel = ({ withDriver, asking, cancel }: CancelProps) => {
  const { ride } = useLanguage().words;
  const [sure, setSure] = useState(false);
  if (!sure)
    return (
      <Button danger onClick={() => setSure(true)}>
        {ride.cancelRide}
      </Button>
    );
  return (
    <div className="phone-stack" role="group" aria-label={ride.cancelSure}>
      <h2>{ride.cancelSure}</h2>
      {withDriver && <p>{ride.cancelFeeMay}</p>}
      <div className="phone-row phone-two">
        <Button autoFocus onClick={() => setSure(false)}>
          {ride.cancelNo}
        </Button>
        <Button danger type="primary" loading={asking} onClick={cancel}>
          {ride.cancelYes}
        </Button>
      </div>
    </div>
  );
};
