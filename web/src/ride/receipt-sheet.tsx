import { clockText, distanceText, minutesText, moneyText } from "../app/told.ts";
import type { RideState, Trip } from "./ride-model.ts";
import { Button } from "antd";
import { Rating } from "./rating.tsx";
import type { RideSession } from "./ride-session.ts";
import { ToldFailure } from "../app/told-failure.tsx";
import type { WebConfig } from "../../../src/protocol/web-config.ts";
import type { Words } from "../words/words.ts";
import { rideM } from "../app/ride-m.ts";
import { useLanguage } from "../app/language.tsx";

interface Props {
  readonly session: RideSession;
  readonly state: RideState;
  readonly trip: Trip;
  /** Whose clock the times are told by. */
  readonly market: WebConfig["markets"][number];
}

/** What came of a trip: the bill and a rating, or why there was none. */
export const ReceiptSheet = ({ session, state, trip, market }: Props) => {
  const { language, words } = useLanguage();
  const { ride } = words;
  const { title, text } = saidOf(ride, trip);
  return (
    <div className="phone-stack" data-status={trip.status}>
      <div role="status">
        <h1>{title}</h1>
        {text !== "" && <p className="phone-quiet">{text}</p>}
      </div>
      {trip.status === "completed" && trip.fare && (
        <span className="phone-big" data-testid="fare">
          {moneyText(language, trip.fare)}
        </span>
      )}
      {trip.receipt && (
        <dl className="phone-facts">
          {factsOf(trip.receipt).map(([name, value]) => (
            <Fact key={name} name={ride[name]} value={value} />
          ))}
        </dl>
      )}
      {trip.status === "completed" && <Rating session={session} state={state} trip={trip} />}
      <ToldFailure failure={state.failure} />
      <Button
        type={trip.status === "completed" && !trip.rated ? "default" : "primary"}
        size="large"
        onClick={session.closeTrip}
      >
        {ride.newRide}
      </Button>
    </div>
  );

  type Known = Pick<
    Words["ride"],
    "requestedAt" | "startedAt" | "completedAt" | "duration" | "distance" | "fee"
  >;
  function factsOf(receipt: NonNullable<Trip["receipt"]>): [keyof Known, string][] {
    const { requested_at, started_at, completed_at, cancel_fee } = receipt;
    const clock = (at: string) => clockText(language, market, at);
    const facts: [keyof Known, string][] = [["requestedAt", clock(requested_at)]];
    if (started_at !== null) facts.push(["startedAt", clock(started_at)]);
    if (started_at !== null && completed_at !== null) {
      const tookS = (Date.parse(completed_at) - Date.parse(started_at)) / 1_000;
      facts.push(["completedAt", clock(completed_at)], ["duration", minutesText(language, tookS)]);
      facts.push(["distance", ride.about(distanceText(language, rideM(receipt)))]);
    }
    if (cancel_fee !== null)
      facts.push(["fee", cancel_fee.amount === 0 ? ride.noFee : moneyText(language, cancel_fee)]);
    return facts;
  }
};

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);

const saidOf = (
  ride: Words["ride"],
  { status, cancelledBy, driver }: Trip,
): { title: string; text: string } => {
  if (status === "completed") return { title: ride.completed, text: driver?.first_name ?? "" };
  if (status === "no_driver_found") return { title: ride.noDriver, text: ride.noDriverText };
  return { title: ride.cancelled, text: ride.cancelledBy[cancelledBy ?? "system"] ?? "" };
};
