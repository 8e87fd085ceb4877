import { type Position, distanceM, roadM } from "../../../src/domain/geo.ts";

interface Ride {
  readonly pickup: Position;
  readonly dropoff: Position;
}

/** B113: metres that a ride is likely to take by road; what its price was made of. */
export const rideM = ({ pickup, dropoff }: Ride): number => roadM(distanceM(pickup, dropoff));
