import { type ReactNode, useMemo, useState } from "react";
import { VehicleChoice } from "../app/vehicle-choice.tsx";
import type { VehicleType } from "../app/vehicle-types.ts";
import type { Account } from "../app/token-claims.ts";
import { Input } from "antd";
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
  const { drive, phone } = useWords();
  const centre = useCentre();
  const look = useMemo(() => ({ about: "nobody", at: [] }), []);
  const [type, setType] = useState<VehicleType>("standard");
  const [plate, setPlate] = useState("");
  const more = (
    <>
      <div>
        <span style={{ fontWeight: 500 }}>{phone.vehicleType}</span>
        <VehicleChoice value={type} onChange={setType} />
      </div>
      <label>
        {drive.plate}
        <Input
          required
          maxLength={20}
          size="large"
          autoComplete="off"
          value={plate}
          onChange={({ target }) => setPlate(target.value)}
        />
      </label>
    </>
  );
  return (
    <PhonePage
      title={drive.title}
      map={{
        label: drive.map,
        centre,
        pickup: null,
        dropoff: null,
        cars: none,
        carKind: "own",
        look,
        tapped: () => {},
      }}
    >
      {notice}
      <SignUp
        role="driver"
        title={drive.signUpTitle}
        text={drive.signUpText}
        more={more}
        signedIn={signedIn}
        register={async (person) => {
          const driver = { ...person, vehicle_type: type, license_plate: plate.trim() };
          const answer = await openHttp({ url: location.origin, token: () => null }).registerDriver(driver);
          if (answer.is !== "ok") return answer;
          return { is: "ok", body: { id: answer.body.driver_id, token: answer.body.token } };
        }}
      />
    </PhonePage>
  );
};

const none = [] as const;
