import {
  comeTo,
  heading,
  keyOfPassenger,
  northOf,
  openAccount,
  openPhones,
  plan,
  press,
  request,
  seesPlaces,
  signOut,
} from "./phones.ts";
import { accessible } from "./screens.ts";
import { expect, test } from "vitest";

// A passenger and a driver, each with a page of their own in a real browser, against a real server.

const { newPassenger, newDriver, call, street } = openPhones();

test("B41, B42, B114, B120, B126, B129: given a trip, when both pages are loaded again, one loses its network and the other's is cut, then both come back by themselves to where the trip is", async () => {
  const driver = await newDriver();
  const passenger = await newPassenger();
  await plan(passenger.page);
  passenger.network.blackhole();
  await press(passenger.page, "Request a ride"); // nobody hears it
  await passenger.page.goto("about:blank");
  passenger.network.forward();
  passenger.network.cut();
  await passenger.page.goto("/ride");
  await heading(driver.page, "New order");
  const key = await passenger.page.evaluate<string>(keyOfPassenger);
  expect((await call("GET", "/trips", key)).body.items).toHaveLength(1);
  await driver.page.reload();
  await press(driver.page, "Accept");
  await heading(passenger.page, "Your driver is coming");
  await Promise.all([passenger.page.reload(), driver.page.reload()]);
  await heading(passenger.page, "Your driver is coming");
  await passenger.page.getByText("0101TJ").waitFor();
  await driver.page.getByText("Parvin").waitFor();

  await passenger.page.context().setOffline(true);
  await passenger.page.getByText("Reconnecting…").waitFor();
  await accessible(passenger.page);
  await comeTo(street(), driver.page);
  await passenger.page.context().setOffline(false);
  await heading(passenger.page, "Your driver is here");
  await passenger.page.getByText("Reconnecting…").waitFor({ state: "detached" });

  driver.network.blackhole();
  driver.network.cut();
  await driver.page.getByText("Reconnecting…").waitFor();
  await press(driver.page, "Start the ride"); // waits for the network
  await accessible(driver.page);
  driver.network.forward();
  driver.network.cut();
  await heading(passenger.page, "On the way");
  await heading(driver.page, "Drive to the dropoff");
  await openAccount(driver.page);
  await driver.page.getByText("You can sign out when you have no order.").waitFor();
  await press(driver.page, "Complete the ride");
  await heading(passenger.page, "You have arrived");
  await passenger.page.getByLabel("Stars").getByRole("radio").nth(4).click();
  await press(passenger.page, "Send");
  await passenger.page.getByText("Thank you!").waitFor();
  await passenger.page.reload();
  await heading(passenger.page, "You have arrived");
  await passenger.page.getByText("Thank you!").waitFor();
  await passenger.page.getByText("Distance").waitFor();
  await seesPlaces(passenger.page);
});

test("B44, B47, B133: given a driver far from the pickup, when they arrive anyway and then cancel, then each takes a reason and the passenger's search goes on until they cancel it", async () => {
  const driver = await newDriver(northOf(street(), 0.01));
  const passenger = await newPassenger();
  await request(passenger.page);
  await heading(driver.page, "New order");
  await seesPlaces(driver.page);
  expect(await driver.page.title()).toContain("New order");
  await driver.page.locator("h1:focus").waitFor();
  await driver.page.getByRole("button", { name: "Decline" }).focus();
  await driver.page.keyboard.press("Enter");
  await heading(driver.page, "Waiting for orders");
  expect(await driver.page.title()).toContain("Drive");
  await press(passenger.page, "Cancel ride");
  await accessible(passenger.page);
  await press(passenger.page, "Keep my ride");
  await press(passenger.page, "Cancel ride");
  await press(passenger.page, "Yes, cancel");
  await heading(passenger.page, "Ride cancelled");
  await passenger.page.getByText("Cancellation fee").waitFor();
  await accessible(passenger.page);
  await press(passenger.page, "New ride");

  await heading(passenger.page, "Where to?");
  await passenger.page.mouse.click(90, 160);
  await press(passenger.page, "Request a ride");
  await heading(driver.page, "New order");
  await press(driver.page, "Accept");
  await press(driver.page, "I have arrived");
  await heading(driver.page, "You are not at the pickup yet. Why arrive anyway?");
  await driver.page.getByText("My position is wrong").click();
  await accessible(driver.page, "drive-reason");
  await press(driver.page, "Arrive anyway");
  await heading(passenger.page, "Your driver is here");
  await press(driver.page, "Cancel this order");
  await driver.page.getByText("Trouble with the car").click();
  await press(driver.page, "Cancel the order");
  await heading(passenger.page, "Looking for a driver");
  await heading(driver.page, "Waiting for orders");
  await accessible(driver.page);
  await press(passenger.page, "Cancel ride");
  await press(passenger.page, "Yes, cancel");
  await heading(passenger.page, "Ride cancelled");
  await press(driver.page, "Take a break");
  await heading(driver.page, "You are on a break");
  await accessible(driver.page);
});

test("B45: given a simulated drive, when an order is taken, then the car goes to the pickup and arrives without a word of its driver", async () => {
  const driver = await newDriver(northOf(street(), 0.0012), "simulated");
  const passenger = await newPassenger();
  await request(passenger.page);
  await press(driver.page, "Accept");
  await heading(driver.page, "Wait for your passenger");
  await heading(passenger.page, "Your driver is here");
});

test("B126, B130, B143: given a driver who waits for orders, when they sign out, then they are offline, and whoever registers next has a car of their own, however long their name is", async () => {
  const { page } = await newDriver(undefined, "simulated");
  const { id, token } = await page.evaluate<{ id: string; token: string }>(
    `JSON.parse(localStorage.getItem("dg.driver"))`,
  );
  const mine = await page.evaluate<string>(`localStorage.getItem("dg.drive.car.${id}")`);
  await signOut(page);
  await heading(page, "Drive with us");
  expect((await call("GET", `/drivers/${id}`, token)).body.status).toBe("offline");
  await page.getByLabel("E-mail").fill("next@example.org");
  await page.getByLabel("First name").fill(`Farid${"d".repeat(85)}`);
  await page.getByLabel("License plate").fill("0202TJ");
  await press(page, "Register");
  await press(page, "Go online");
  await heading(page, "Waiting for orders");
  const theme = await page.getByRole("button", { name: "Dark or light" }).boundingBox();
  expect(theme!.x + theme!.width).toBeLessThan(390);
  const crossHair = () =>
    page.evaluate(
      `getComputedStyle(document.querySelector(".maplibregl-canvas-container"), "::after").content`,
    );
  expect(await crossHair()).toBe("none");
  await page.keyboard.press("Tab");
  await page.getByLabel(/Arrow keys move the map/).focus();
  expect(await crossHair()).not.toBe("none");
  const next = await page.evaluate<string>(`JSON.parse(localStorage.getItem("dg.driver")).id`);
  expect(await page.evaluate(`localStorage.getItem("dg.drive.car.${next}")`)).not.toBe(mine);
});

test("B125: given a phone whose clock is 40 days slow, and then as much fast, when a ride is planned, then its price is asked for once, and nobody is signed out", async () => {
  const { page } = await newPassenger();
  const [now, days] = [Date.now(), 40 * 86_400_000];
  let asked = 0;
  page.on("request", (request) => void (asked += Number(request.url().endsWith("/quotes"))));
  await page.clock.setFixedTime(now - days);
  await page.reload();
  await plan(page);
  await page.waitForTimeout(300); // for prices that are over at once
  expect(asked).toBe(1);
  await page.clock.setFixedTime(now + days);
  await page.reload();
  await heading(page, "Where from?");
});
