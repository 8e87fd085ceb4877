import { useEffect, useMemo } from "react";
import type { Account } from "../app/token-claims.ts";
import { AccountCorner } from "../app/account-corner.tsx";
import { PhonePage } from "../app/phone-page.tsx";
import { PlanSheet } from "./plan-sheet.tsx";
import { ReceiptSheet } from "./receipt-sheet.tsx";
import { Registration } from "./registration.tsx";
import { type RideSession, openRide } from "./ride-session.ts";
import { TripSheet } from "./trip-sheet.tsx";
import { WithAccount } from "../app/with-account.tsx";
import { hasEnded } from "./ride-model.ts";
import { lookOf } from "./look-of.ts";
import { marketNear } from "../app/market-near.ts";
import { useCentre } from "../app/use-centre.ts";
import { useServerConfig } from "../app/server-config.tsx";
import { useSession } from "../app/use-session.ts";
import { useStore } from "../app/store.ts";
import { useWords } from "../app/language.tsx";

export const RidePage = () => (
  <WithAccount
    role="passenger"
    signUp={(signedIn, notice) => <Registration signedIn={signedIn} notice={notice} />}
  >
    {(account, leave) => <Signed key={account.id} account={account} leave={leave} />}
  </WithAccount>
);

interface Props {
  readonly leave: (why: "own" | "refused") => void;
}

const Signed = ({ account, leave }: Props & { readonly account: Account }) => {
  const session = useSession(account, openRide);
  return session && <Riding session={session} leave={leave} />;
};

const Riding = ({ session, leave }: Props & { readonly session: RideSession }) => {
  const { ride, phone } = useWords();
  const { markets } = useServerConfig();
  const centre = useCentre();
  const state = useStore(session.store);
  const { link, plan, trip, cars, asking } = state;
  useEffect(() => {
    if (link === "signed-out") leave("refused");
  }, [link, leave]);

  const look = useMemo(() => lookOf(plan, trip), [plan, trip]);
  const shown = useMemo(
    () => (trip === null ? cars : trip.car && !hasEnded(trip) ? [trip.car] : []),
    [trip, cars],
  );
  const { pickup, dropoff } = trip ?? plan;
  const rides = asking === "ride" || (trip !== null && !hasEnded(trip));
  return (
    <PhonePage
      title={ride.title}
      link={link}
      corner={<AccountCorner role="passenger" stays={rides ? ride.stays : null} out={() => leave("own")} />}
      map={{
        label: `${ride.map}. ${phone.mapKeys}`,
        centre,
        pickup,
        dropoff,
        cars: shown,
        carKind: trip === null ? "other" : "own",
        look,
        tapped: (at) => trip === null && session.place(at),
      }}
    >
      {trip === null ? (
        <PlanSheet session={session} state={state} />
      ) : hasEnded(trip) ? (
        <ReceiptSheet session={session} state={state} trip={trip} market={marketNear(markets, trip.pickup)} />
      ) : (
        <TripSheet session={session} state={state} trip={trip} />
      )}
    </PhonePage>
  );
};
