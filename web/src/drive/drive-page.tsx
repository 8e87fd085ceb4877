import { type DriveSession, openDrive } from "./drive-session.ts";
import { useEffect, useMemo } from "react";
import type { Account } from "../app/token-claims.ts";
import { AccountCorner } from "../app/account-corner.tsx";
import { IdleSheet } from "./idle-sheet.tsx";
import { OfferSheet } from "./offer-sheet.tsx";
import { OrderSheet } from "./order-sheet.tsx";
import { PhonePage } from "../app/phone-page.tsx";
import { Registration } from "./registration.tsx";
import { WithAccount } from "../app/with-account.tsx";
import { targetOf } from "./drive-model.ts";
import { useCentre } from "../app/use-centre.ts";
import { useSession } from "../app/use-session.ts";
import { useStore } from "../app/store.ts";
import { useWords } from "../app/language.tsx";

export const DrivePage = () => (
  <WithAccount
    role="driver"
    signUp={(signedIn, notice) => <Registration signedIn={signedIn} notice={notice} />}
  >
    {(account, leave) => <Signed key={account.id} account={account} leave={leave} />}
  </WithAccount>
);

interface Props {
  readonly leave: (why: "own" | "refused") => void;
}

const Signed = ({ account, leave }: Props & { readonly account: Account }) => {
  const session = useSession(account, openDrive);
  return session && <Driving session={session} leave={leave} />;
};

const OWN = "own";

const Driving = ({ session, leave }: Props & { readonly session: DriveSession }) => {
  const words = useWords();
  const centre = useCentre();
  const state = useStore(session.store);
  const { link, fix, offer, order } = state;
  useEffect(() => {
    if (link === "signed-out") leave("refused");
  }, [link, leave]);

  const { pickup = null, dropoff = null } = order ?? offer?.order ?? {};
  const target = targetOf(order) ?? (order ? order.pickup : pickup);
  const cars = useMemo(() => (fix === null ? [] : [{ ...fix, id: OWN }]), [fix]);
  const about = `${order?.orderId ?? offer?.order.offer_id} ${order?.status} ${fix === null}`;
  // B133: who is asked sees all of the ride.
  const end = offer === null ? null : dropoff;
  const look = useMemo(
    () => ({ about, at: [fix ?? centre, target, end].filter((place) => place !== null) }),
    [about, fix, target, end, centre],
  );
  const busy = order !== null || offer !== null;
  const out = async () => {
    if (await session.leaveDuty()) leave("own");
  };
  return (
    <PhonePage
      title={words.drive.title}
      news={offer === null ? undefined : words.drive.offer}
      link={link}
      corner={<AccountCorner role="driver" stays={busy ? words.drive.stays : null} out={out} />}
      map={{
        label: busy ? words.drive.map : `${words.drive.map}. ${words.phone.mapKeys}`,
        centre,
        pickup,
        dropoff,
        cars,
        carKind: "own",
        look,
        tapped: (at) => order === null && offer === null && session.position.put(at),
      }}
    >
      {offer !== null ? (
        <OfferSheet key={offer.order.offer_id} session={session} state={state} offer={offer} />
      ) : order !== null ? (
        <OrderSheet session={session} state={state} order={order} />
      ) : (
        <IdleSheet session={session} state={state} />
      )}
    </PhonePage>
  );
};
