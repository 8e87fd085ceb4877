import { Segmented } from "antd";
import { type VehicleType, vehicleTypes } from "./vehicle-types.ts";
import { useWords } from "./language.tsx";

interface Props {
  readonly value: VehicleType;
  readonly onChange: (type: VehicleType) => void;
  readonly disabled?: boolean;
}

export const VehicleChoice = ({ value, onChange, disabled = false }: Props) => {
  const { phone } = useWords();
  return (
    <Segmented
      block
      disabled={disabled}
      aria-label={phone.vehicleType}
      value={value}
      onChange={onChange}
      options={vehicleTypes.map((type) => ({ value: type, label: phone.vehicles[type] }))}
    />
  );
};
