import type { Route } from "../socket/port.ts";
import { driverId, passengerId } from "../domain/ids.ts";
import { driverRegistration, passengerRegistration } from "../protocol/http-bodies.ts";
import { forbidden, guarded, nothing, unregistered } from "./guard.ts";
import { json, refused } from "./replies.ts";
import type { HttpPorts } from "./ports.ts";
import { isLoopback } from "../session/limits.ts";
import { parseBody } from "../protocol/parse.ts";
import { refusal } from "../domain/errors.ts";

const TOKEN_TTL_S = 30 * 24 * 3_600;

/** `POST /passengers/register` */
export const registerPassenger = (ports: HttpPorts): Route =>
  limited(ports, async (request) => {
    const body = parseBody(passengerRegistration, request.body);
    if (body.is === "refused") return refused(body.refusal);
    const made = await ports.accounts.registerPassenger({
      passengerId: passengerId(ports.newId()),
      ...personOf(body.value),
    });
    if (made === "already_exists") return taken;
    const token = await ports.tokens.sign(made, "passenger", TOKEN_TTL_S);
    return json(201, { passenger_id: made, token });
  });

/** `POST /drivers/register` */
export const registerDriver = (ports: HttpPorts): Route =>
  limited(ports, async (request) => {
    const body = parseBody(driverRegistration, request.body);
    if (body.is === "refused") return refused(body.refusal);
    const driver = {
      driverId: driverId(ports.newId()),
      vehicleType: body.value.vehicle_type,
      licensePlate: body.value.license_plate,
      ...personOf(body.value),
    };
    const made = await ports.accounts.registerDriver(driver);
    if (made === "already_exists") return taken;
    const { email: _email, phoneNumber: _phoneNumber, ...record } = driver;
    ports.desk.registered(record);
    const token = await ports.tokens.sign(made, "driver", TOKEN_TTL_S);
    return json(201, { driver_id: made, token });
  });

/** `POST /tokens/refresh`: of this server's own; one that was made elsewhere lives as long as its maker says (S58). */
export const refreshToken = (ports: HttpPorts): Route =>
  guarded(ports, ["passenger", "driver", "admin", "service"], nothing, async ({ identity }) => {
    const { sub, role, foreign } = identity;
    if (foreign) return forbidden("this token was made elsewhere: get a new one where it came from");
    return (
      (await unregistered(ports.desk, identity)) ??
      json(200, { token: await ports.tokens.sign(sub, role, TOKEN_TTL_S) })
    );
  });

/** S25: anybody may register, so an address may only so often. */
const limited =
  ({ registrations }: HttpPorts, route: Route): Route =>
  (request) => {
    const { address } = request;
    const waitS = isLoopback(address) ? 0 : registrations.take(address);
    return waitS === 0 ? route(request) : refused(tooMany, waitS);
  };

const tooMany = refusal("rate_limited", "too many registrations from this address");
const taken = refused(refusal("already_exists", "this email is registered"));

interface PersonBody {
  readonly email: string;
  readonly phone_number: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
}
const personOf = (body: PersonBody) => ({
  email: body.email,
  phoneNumber: body.phone_number,
  firstName: body.first_name,
  lastName: body.last_name,
});
