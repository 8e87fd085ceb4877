import { type ReactNode, useMemo } from "react";
import type { Account } from "../app/token-claims.ts";
import { PhonePage } from "../app/phone-page.tsx";
import { SignUp } from "../app/sign-up.tsx";
import { openHttp } from "../../../src/client/http.ts";
import { useCentre } from "../app/use-centre.ts";
import { useWords } from "../app/language.tsx";

interface Props {
  readonly signedIn: (account: Account) => void;
  readonly notice: ReactNode;
}

export const Registration = ({ signedIn, notice }: Props) => {
  const { ride } = useWords();
  const centre = useCentre();
  const look = useMemo(() => ({ about: "nobody", at: [] }), []);
  return (
    <PhonePage
      title={ride.title}
      map={{
        label: ride.map,
        centre,
        pickup: null,
        dropoff: null,
        cars: none,
        carKind: "other",
        look,
        tapped: () => {},
      }}
    >
      {notice}
      <SignUp
        role="passenger"
        title={ride.signUpTitle}
        text={ride.signUpText}
        signedIn={signedIn}
        register={async (person) => {
          const answer = await openHttp({ url: location.origin, token: () => null }).registerPassenger(
            person,
          );
          if (answer.is !== "ok") return answer;
          return { is: "ok", body: { id: answer.body.passenger_id, token: answer.body.token } };
        }}
      />
    </PhonePage>
  );
};

const none = [] as const;
