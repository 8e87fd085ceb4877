import type { Client } from "./connect.ts";
import type { DriverId, PassengerId } from "../domain/ids.ts";
import type { Ms } from "../domain/time.ts";

interface Person {
  readonly email: string;
  readonly phoneNumber: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}
export interface NewPassenger extends Person {
  readonly passengerId: PassengerId;
}
export interface NewDriver extends Person {
  readonly driverId: DriverId;
  readonly vehicleType: string;
  readonly licensePlate: string;
}
export type PassengerAccount = NewPassenger & { readonly createdAt: Ms };
export type DriverAccount = NewDriver & { readonly createdAt: Ms };

/** Who is registered. The only place of names, phones, emails and plates. */
export interface Accounts {
  /** `already_exists`: the email is taken, whatever its letter case (E22). */
  registerPassenger(passenger: NewPassenger): Promise<PassengerId | "already_exists">;
  registerDriver(driver: NewDriver): Promise<DriverId | "already_exists">;
  passenger(id: PassengerId): Promise<PassengerAccount | undefined>;
  driver(id: DriverId): Promise<DriverAccount | undefined>;
}

export const openAccounts = (client: Client): Accounts => ({
  registerPassenger: async (p) => {
    const made = await client.run(
      (sql) => sql`
        insert into passenger (id, email, phone_number, first_name, last_name)
        values (${p.passengerId}, ${p.email}, ${p.phoneNumber}, ${p.firstName}, ${p.lastName})
        on conflict do nothing returning id`,
    );
    return made.length === 1 ? p.passengerId : "already_exists";
  },
  registerDriver: async (d) => {
    const made = await client.run(
      (sql) => sql`
        insert into driver (id, email, phone_number, first_name, last_name, vehicle_type, license_plate)
        values (${d.driverId}, ${d.email}, ${d.phoneNumber}, ${d.firstName}, ${d.lastName},
                ${d.vehicleType}, ${d.licensePlate})
        on conflict do nothing returning id`,
    );
    return made.length === 1 ? d.driverId : "already_exists";
  },
  passenger: async (id) => {
    const [row] = await client.run(
      (sql) => sql<PassengerAccount[]>`
        select id as passenger_id, email, phone_number, first_name, last_name, created_at
        from passenger where id = ${id}`,
    );
    return row;
  },
  driver: async (id) => {
    const [row] = await client.run(
      (sql) => sql<DriverAccount[]>`
        select id as driver_id, email, phone_number, first_name, last_name, vehicle_type,
               license_plate, created_at
        from driver where id = ${id}`,
    );
    return row;
  },
});
