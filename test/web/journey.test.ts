import {
  comeTo,
  heading,
  northOf,
  openPhones,
  plan,
  press,
  request,
  seesPlaces,
  toldLength,
} from "./phones.ts";
import { expect, test } from "vitest";
import { accessible, accessibleWide } from "./screens.ts";
import { callServer } from "../fixtures/server.ts";
import { newServer } from "../fixtures/server-process.ts";
import type { Page } from "playwright-core";
import { writeRoads } from "./town-roads.ts";

// A passenger, a driver and an operator, each with a page of their own, and a server that is a process and may be killed.

const server = await newServer({ DG_MAP_ROADS: writeRoads() });
const { newPassenger, newDriver, openConsole, street } = openPhones({
  south: { lat: 38.445, lng: 68.78 },
  async start() {
    await server.start();
    return {
      url: server.url,
      call: (...asked) => callServer(server.url, ...asked),
      token: async (sub, role) => server.token(sub, role as "admin"),
      close: server.remove,
    };
  },
});

/** The newest trip. */
const row = (desk: Page) => desk.locator("tr.ant-table-row").first();
const openTrip = async (desk: Page) => {
  await desk.getByRole("link", { name: /^Trips/ }).click();
  await row(desk).getByRole("link").click();
};
/** In the table and, drawn, in the detail over it. */
const shown = async (desk: Page, status: string, state: string | RegExp) => {
  await row(desk).getByText(status, { exact: true }).waitFor({ timeout: 20_000 });
  await expect.poll(() => desk.locator("svg[data-state]").getAttribute("data-state")).toMatch(state);
};
const told = (desk: Page, what: RegExp) =>
  desk.getByRole("list", { name: "Timeline" }).getByText(what).first().waitFor();

test("B43, B47, B50, B100, B113, B114: given a passenger's, a driver's and an operator's page, when the two take a trip together, then all see every step of it, to the receipt, the rating and the day's earnings", async () => {
  const driver = await newDriver();
  const desk = await openConsole();
  await desk.locator('.maplibregl-map[data-cars="1"][data-orders="0"]').waitFor({ timeout: 20_000 });
  const passenger = await newPassenger();
  await plan(passenger.page);
  const length = await toldLength(passenger.page);
  expect(length).toBeDefined();
  await accessible(passenger.page, "ride-plan");
  await press(passenger.page, "Request a ride");
  await heading(driver.page, "New order");
  await driver.page.getByText(`ride of ${length}`).waitFor();
  await accessible(driver.page, "drive-offer");
  await desk.locator('.maplibregl-map[data-orders="1"]').waitFor();
  await desk.getByRole("button", { name: "Offered 1" }).waitFor();
  await openTrip(desk);
  await shown(desk, "Searching", "requested.offering");
  await driver.page.keyboard.press("Enter");

  await heading(passenger.page, "Your driver is coming");
  await passenger.page.getByText("0101TJ").waitFor();
  await shown(desk, "Accepted", "accepted");
  await told(desk, /^Dilshod .*accepted$/);
  await accessible(passenger.page, "ride-coming");
  await accessibleWide(passenger.page, "ride-coming-desktop");
  await heading(driver.page, "Drive to the pickup");
  await accessible(driver.page, "drive-to-pickup");

  await comeTo(street(), driver.page);
  await heading(passenger.page, "Your driver is here");
  await shown(desk, "Arrived", "arrived");
  await told(desk, /^Dilshod .*was seen at the pickup$/);
  await accessible(passenger.page);
  await press(driver.page, "Start the ride");
  await heading(passenger.page, "On the way");
  await shown(desk, "On the ride", "in_progress");
  await accessible(passenger.page, "ride-on-the-way");
  await heading(driver.page, "Drive to the dropoff");
  await accessible(driver.page);
  await press(driver.page, "Complete the ride");

  await heading(passenger.page, "You have arrived");
  await passenger.page.getByText("Distance").waitFor();
  expect(await toldLength(passenger.page)).toBe(length);
  await seesPlaces(passenger.page);
  const fare = (await passenger.page.getByTestId("fare").textContent())!;
  await shown(desk, "Completed", "completed");
  await row(desk).getByText(fare).waitFor();
  await accessible(passenger.page, "ride-receipt");
  await passenger.page.getByLabel("Stars").getByRole("radio").nth(3).click();
  await press(passenger.page, "Send");
  await passenger.page.getByText("Thank you!").waitFor();
  await heading(driver.page, "Waiting for orders");
  await expect.poll(() => driver.page.getByTestId("earned").textContent()).toContain(fare);
  await accessible(driver.page, "drive-today");
  await accessibleWide(driver.page, "drive-today-desktop");
  await press(passenger.page, "New ride");
  await heading(passenger.page, "Where to?");
  await accessible(passenger.page);
}, 180_000);

test("B101, B102: given a trip that an operator assigns and its driver gives back, when the next driver has it and the server is killed and started again, then all pages come back by themselves and the trip is completed", async () => {
  const far = await newDriver(northOf(street(), 0.081), "device", "Anvar");
  const passenger = await newPassenger();
  await request(passenger.page);
  await heading(passenger.page, "Looking for a driver");
  await accessible(passenger.page, "ride-searching");
  const desk = await openConsole();
  await openTrip(desk);
  await shown(desk, "Searching", "requested.searching");
  await row(desk).getByRole("button", { name: "Assign driver" }).dispatchEvent("click"); // the detail lies over it
  const dialog = desk.getByRole("dialog").filter({ hasText: "Drivers near the pickup" });
  await dialog.getByRole("radio", { name: /Anvar/ }).check();
  await dialog.getByLabel("Reason").fill("nobody is nearer");
  await dialog.getByRole("button", { name: "Assign driver" }).click();
  await heading(far.page, "Drive to the pickup");
  await heading(passenger.page, "Your driver is coming");
  await shown(desk, "Accepted", "accepted");
  await told(desk, /^Assigned to Anvar .*by operator olim: nobody is nearer$/);

  const near = await newDriver(northOf(street(), 0.002), "device", "Bahrom");
  await press(far.page, "Cancel this order");
  await far.page.getByText("Trouble with the car").click();
  await press(far.page, "Cancel the order");
  await heading(near.page, "New order");
  await told(desk, /^Anvar .*gave it back: car trouble$/);
  await press(near.page, "Accept");
  await passenger.page.getByText("Bahrom").waitFor();
  await row(desk).getByText("Bahrom").waitFor();
  await heading(far.page, "Waiting for orders");

  await server.end("SIGKILL");
  const lost = [passenger, near, { page: desk }].map(({ page }) => page.getByText("Reconnecting…"));
  await Promise.all(lost.map((banner) => banner.waitFor()));
  await server.start();
  await Promise.all(lost.map((banner) => banner.waitFor({ state: "detached", timeout: 40_000 })));
  await comeTo(street(), near.page);
  await heading(passenger.page, "Your driver is here");
  await shown(desk, "Arrived", "arrived");
  await press(near.page, "Start the ride");
  await heading(passenger.page, "On the way");
  await press(near.page, "Complete the ride");
  await heading(passenger.page, "You have arrived");
  await shown(desk, "Completed", "completed");
  await told(desk, /^Bahrom .*completed the ride$/);
}, 180_000);
