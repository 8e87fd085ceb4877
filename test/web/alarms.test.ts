import { type Device, desktop, openBrowser, openDevice, seriousFindings } from "./browser.ts";
import { type TestServer, type Wire, startServer } from "../fixtures/server.ts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { connect } from "../../src/log/connect.ts";

// What an operator does about trips and drivers that go wrong, in a market where everything is late at once.

const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };
const hasty = {
  id: "hasty",
  name: "Hasty",
  currency: "TJS",
  time_zone: "Asia/Dushanbe",
  area: null,
  policy: { trip: { late_ms: 500 }, eta: { coefficient_s: 0.001 } },
};

let browser: Browser;
let server: TestServer;
let device: Device | undefined;
const wires: Wire[] = [];
beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser({ maps: false }), startServer({ markets: [hasty] })]);
});
afterEach(async () => {
  await device?.page.context().close();
  expect([...(device?.outside ?? []), ...(device?.errors ?? [])]).toEqual([]);
  for (const wire of wires.splice(0)) wire.close();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const openAlarms = async (count: number): Promise<Page> => {
  device = await openDevice(browser, server.url, { viewport: desktop, reducedMotion: "reduce" });
  const { page } = device;
  await page.goto(`/admin#${await server.token("olim", "admin", 600)}`);
  await page.getByRole("link", { name: `Alarms ${count}` }).click();
  return page;
};
const open = async (role: "passenger" | "driver", id: string, token: string): Promise<Wire> => {
  const wire = await server.open(`/ws/${role}/${id}`, token);
  wires.push(wire);
  await wire.next("welcome");
  return wire;
};
const say = async (wire: Wire, message: object) => {
  const id = `m${Math.random()}`.replace(".", "-");
  wire.send({ ...message, id });
  return wire.next("ack", (ack) => ack["id"] === id);
};
/** A trip of a passenger with this id, and a driver who took it. */
const openTrip = async (passenger: string) => {
  const { id, token } = await server.newDriver("Late");
  const driver = await open("driver", id, token);
  await say(driver, { type: "driver_location", lat: pickup.lat + 0.001, lng: pickup.lng });
  await say(driver, { type: "driver_status", status: "available" });
  const rider = await open("passenger", passenger, await server.token(passenger, "passenger"));
  await say(rider, { type: "request_trip", pickup, dropoff });
  const { order_id, offer_id } = await driver.next("new_order");
  await say(driver, { type: "accept_order", order_id, offer_id });
  return { order_id: String(order_id), driver, rider };
};

test("B78: given a driver who does not come, then the alarm is counted and shown until an operator cancels the trip and says why", async () => {
  const { rider } = await openTrip("p1");
  const page = await openAlarms(1);
  await page.getByText("Late pickup").waitFor();
  await page.getByText("one driver, one trip").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Cancel trip" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Cancel trip" }).click();
  await dialog.getByText("Say why").waitFor();
  await dialog.getByLabel("Reason").fill("the driver sleeps");
  await dialog.getByRole("button", { name: "Cancel trip" }).click();
  await page.getByText("No trip needs a look.").waitFor();
  const told = await rider.next("order_update", ({ status }) => status === "cancelled");
  expect(told).toMatchObject({ reason: "the driver sleeps", cancelled_by: "admin" });
});

test("B115: given a ride that does not end, when an operator completes it for its driver, then it has its length and the reason, and all hear it", async () => {
  const { order_id, driver, rider } = await openTrip("p2");
  await say(driver, { type: "driver_arrived", order_id, reason: "closed road" });
  await say(driver, { type: "start_trip", order_id });
  const page = await openAlarms(1);
  await page.getByText("Stuck ride").waitFor();
  await page.getByRole("button", { name: "Complete ride" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByLabel("Driven, km").inputValue()).toBe("3.8");
  await dialog.getByLabel("Driven, km").fill("4.2");
  await dialog.getByLabel("Reason").fill("phone lost");
  expect(await seriousFindings(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Complete ride" }).click();
  await page.getByText("No trip needs a look.").waitFor();
  await rider.next("order_update", ({ status }) => status === "completed");
  await driver.next("order_update", ({ status }) => status === "completed");
  const admin = await server.token("olim", "admin");
  const { items } = (await server.call("GET", `/trips/${order_id}/events`, admin)).body;
  const said = { adminId: "olim", distanceM: 4_200, reason: "phone lost" };
  expect(items.at(-1)).toMatchObject({ type: "admin.complete", body: said });
});

test("B116, B134: given a trip that cannot be read, when an operator releases it and says why, then it is cancelled, quarantine is empty, and no alarm is counted", async () => {
  const rider = await open("passenger", "p3", await server.token("p3", "passenger"));
  const { order_id } = await say(rider, { type: "request_trip", pickup, dropoff });
  await server.restart(async () => {
    const client = connect(server.databaseUrl, { max: 1 });
    const bad = JSON.stringify({ why: "row 4 is bad" });
    await client.run(
      (sql) => sql`
        update actor set value = 'quarantined', context = ${bad}::text::jsonb where id = ${String(order_id)}`,
    );
    await client.close();
  });
  await rider.closed;
  const page = await openAlarms(1);
  await page.getByText("row 4 is bad").waitFor();
  await page.getByText(`Trip ${order_id}`).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Try again" }).click();
  await dialog.getByRole("button", { name: "Try again" }).click();
  await dialog.getByText("Say why").waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("button", { name: "Release" }).click();
  await dialog.getByLabel("Reason").fill("its rows are lost");
  await dialog.getByRole("button", { name: "Release" }).click();
  await page.getByText("Nothing is in quarantine.").waitFor();
  await page.getByRole("link", { name: "Alarms", exact: true }).waitFor();
  const admin = await server.token("olim", "admin");
  expect((await server.call("GET", `/trips/${order_id}`, admin)).body).toMatchObject({ status: "cancelled" });
});
