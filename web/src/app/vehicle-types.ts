/** The types that the pages offer; the server takes any. */
export const vehicleTypes = ["standard", "comfort", "van"] as const;
export type VehicleType = (typeof vehicleTypes)[number];
