import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestLog, bothLogs } from "./both-logs.ts";
import { driverId, passengerId } from "../../src/domain/ids.ts";

describe.each(bothLogs)("accounts %s", (_, open) => {
  let opened: TestLog;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  const person = { email: "Ada@example.org", phoneNumber: null, firstName: "Ada", lastName: null };

  test("E22: given a registered passenger, when the same email comes again in other letter case, then it exists already", async () => {
    const { accounts } = opened.log;
    expect(await accounts.registerPassenger({ ...person, passengerId: passengerId("p1") })).toBe("p1");
    expect(
      await accounts.registerPassenger({
        ...person,
        email: "aDA@Example.org",
        passengerId: passengerId("p2"),
      }),
    ).toBe("already_exists");
    expect(await accounts.passenger(passengerId("p1"))).toEqual({
      ...person,
      passengerId: "p1",
      createdAt: expect.any(Number),
    });
    expect(await accounts.passenger(passengerId("p2"))).toBeUndefined();
  });

  test("E22: given a passenger's email, when a driver registers with it, then both are there, and a second driver is not", async () => {
    const { accounts } = opened.log;
    const car = { ...person, vehicleType: "standard", licensePlate: "01 АБ 123" };
    expect(await accounts.registerDriver({ ...car, driverId: driverId("d1") })).toBe("d1");
    expect(await accounts.registerDriver({ ...car, driverId: driverId("d2") })).toBe("already_exists");
    expect(await accounts.driver(driverId("d1"))).toEqual({
      ...car,
      driverId: "d1",
      createdAt: expect.any(Number),
    });
    expect(await accounts.driver(driverId("d2"))).toBeUndefined();
  });
});
