import type { Browser, Page } from "playwright-core";
import { type Device, openBrowser, openDevice, seriousFindings } from "./browser.ts";
import { type TestServer, type Wire, startServer } from "../fixtures/server.ts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

// The operators' trips, in a real browser against a real server.

const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };
const METRE = 1 / 111_195;
const north = (metres: number) => ({ lat: pickup.lat + metres * METRE, lng: pickup.lng });

let browser: Browser;
let mapless: Browser;
let server: TestServer;
let admin: string;
let devices: Device[] = [];
const wires: Wire[] = [];
beforeAll(async () => {
  [browser, mapless, server] = await Promise.all([
    openBrowser(),
    openBrowser({ maps: false }),
    startServer(),
  ]);
  admin = await server.token("olim", "admin", 3_600);
});
afterAll(async () => {
  for (const wire of wires) wire.close();
  await Promise.all([browser.close(), mapless.close()]);
  await server.close();
});
afterEach(async () => {
  for (const { page } of devices) await page.context().close();
  const said = devices.flatMap(({ outside, errors }) => [...outside, ...errors]);
  devices = [];
  expect(said, "no other host was asked, and nothing was thrown").toEqual([]);
});

const get = async (path: string) => (await server.call("GET", path, admin)).body;
const desk = { width: 1440, height: 900 };
/** The console at its trips. */
const openTrips = async (inBrowser = mapless, theme: "light" | "dark" = "light"): Promise<Page> => {
  const options = { viewport: desk, colorScheme: theme, reducedMotion: "reduce" } as const;
  const device = await openDevice(inBrowser, server.url, options);
  devices.push(device);
  const { page } = device;
  await page.goto(`/admin#${admin}`);
  await page.getByRole("link", { name: /^Trips/ }).click();
  await page.getByRole("heading", { name: "Trips" }).waitFor();
  return page;
};
const accessible = async (page: Page) => {
  expect.soft(await seriousFindings(page)).toEqual([]);
};

const newDriver = async (name: string, metres: number) => {
  const { id, token } = await server.newDriver(name);
  const wire = await server.open(`/ws/driver/${id}`, token);
  wires.push(wire);
  await wire.next("welcome");
  let said = 0;
  const say = async (message: object) => {
    const key = `m${++said}`;
    wire.send({ ...message, id: key });
    await wire.next("ack", (ack) => ack["id"] === key);
  };
  const at = (far: number) => say({ type: "driver_location", ...north(far) });
  await say({ type: "driver_status", status: "available" });
  await at(metres);
  return { id, wire, say, at };
};
const request = async (passenger: string, near = pickup): Promise<string> => {
  const token = await server.token(passenger, "passenger");
  return (await server.call("POST", "/trips", token, { pickup: near, dropoff })).body.trip_id;
};
const row = (page: Page, id: string) => page.locator("tr", { hasText: id.slice(-8) });
const timeline = (page: Page) => page.getByRole("list", { name: "Timeline" });
const drawer = (page: Page) => page.getByRole("dialog").filter({ hasText: "Timeline" });

test("B92, B93, B94, B141: given a waiting trip, when an operator assigns, reassigns and cancels it with reasons, then the table and the timeline show it", async () => {
  const page = await openTrips();
  const first = await newDriver("Anvar", 9_000);
  const second = await newDriver("Bahrom", 9_500);
  const third = await newDriver("Chori", 9_700);
  await third.say({ type: "driver_status", status: "paused" });
  const id = await request("parvin");
  // Nobody touched the page: the trip was pushed.
  await row(page, id).getByText("Searching").waitFor();
  await accessible(page);

  await row(page, id).getByRole("button", { name: "Assign driver" }).click();
  const assigning = page.getByRole("dialog");
  const choice = (name: string) => assigning.getByRole("radio", { name: new RegExp(name) });
  await choice("Anvar").waitFor();
  await expect.poll(() => assigning.innerText()).toContain("dispatch would not ask: 9 km away, at most 8 km");
  expect(await choice("Chori").isDisabled()).toBe(true);
  expect(await assigning.innerText()).toContain("cannot: busy, paused, offline");
  await assigning.getByRole("button", { name: "Assign driver" }).click();
  await assigning.getByText("Choose a driver.").waitFor();
  await assigning.getByText("Say why").waitFor();
  await accessible(page);
  await choice("Anvar").check();
  await assigning.getByLabel("Reason").fill("asked for by phone");
  await assigning.getByRole("button", { name: "Assign driver" }).click();
  expect((await first.wire.next("new_order"))["assigned"]).toBe(true);
  await row(page, id).getByText("Accepted", { exact: true }).waitFor();
  await row(page, id).getByText("Anvar").waitFor();

  await row(page, id).getByRole("button", { name: "Reassign" }).click();
  await choice("Bahrom").check();
  await assigning.getByLabel("Reason").fill("flat tyre");
  await assigning.getByRole("button", { name: "Reassign" }).click();
  await second.wire.next("new_order");
  await row(page, id).getByText("Bahrom").waitFor();

  await row(page, id).getByRole("link").click();
  await timeline(page)
    .getByText(/^Given to Bahrom .* by operator olim: flat tyre$/)
    .waitFor();
  const detail = drawer(page);
  await detail.locator("svg[data-state=accepted]").waitFor();
  await detail.getByText("nobody could be asked").waitFor();
  const asked: string[] = [];
  page.on("request", (call) => void asked.push(new URL(call.url()).pathname.split("/").at(-1)!));
  await accessible(page);
  await expect.poll(() => asked.filter((part) => part === "track").length, { timeout: 15_000 }).toBe(1);
  expect(asked).not.toContain("events");

  await detail.getByRole("button", { name: "Cancel trip" }).click();
  const cancelling = page.getByRole("dialog").filter({ hasText: "Cancel trip …" });
  await cancelling.getByRole("button", { name: "Cancel trip" }).click();
  await cancelling.getByText("Say why").waitFor();
  await cancelling.getByLabel("Reason").fill("no need any more");
  await cancelling.getByRole("button", { name: "Cancel trip" }).click();
  await timeline(page).getByText("Cancelled by operator olim: no need any more").waitFor();
  await detail.locator("svg[data-state=cancelled]").waitFor();
  expect(await detail.getByRole("button", { name: /Cancel trip|Reassign|Assign driver/ }).count()).toBe(0);
  expect((await get(`/trips/${id}`)).reason).toBe("no need any more");
  for (const { say } of [first, second, third]) await say({ type: "driver_status", status: "offline" });
});

test("B91, B94: given a completed trip, when the slider goes through it, then chart, timeline, map and words show each moment", async () => {
  const driver = await newDriver("Dilshod", 400);
  const id = await request("farida");
  const { order_id, offer_id } = await driver.wire.next("new_order");
  await driver.say({ type: "accept_order", order_id, offer_id });
  await driver.at(398);
  await expect.poll(async () => (await get(`/trips/${id}/track`)).points.length).toBe(1);
  await driver.say({ type: "driver_arrived", order_id, reason: "round the corner" });
  await driver.say({ type: "start_trip", order_id });
  for (let metres = 396; (await get(`/trips/${id}/track`)).points.length < 2; metres -= 2) {
    await driver.at(metres);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await driver.say({ type: "complete_trip", order_id });

  const page = await openTrips(browser, "dark");
  await page.getByLabel("End of an id, name or plate").fill(id);
  await page.getByLabel("End of an id, name or plate").press("Enter");
  const detail = drawer(page);
  const chart = detail.locator("svg[data-state]");
  const state = () => chart.getAttribute("data-state");
  const taken = () => detail.locator(".way[data-taken=true]").count();
  const current = () => timeline(page).locator("[aria-current=step]").innerText();
  const car = detail.locator("[data-car]");
  await expect.poll(state).toBe("completed");
  await car.waitFor();
  const end = await car.getAttribute("data-lat");
  expect(Number(end)).toBeLessThan(pickup.lat + 390 * METRE);
  expect(await taken()).toBe(5);
  await detail.getByText(/asked, .*: accepted/).waitFor();
  await accessible(page);

  const slider = detail.getByRole("slider", { name: "Moment of the trip" });
  await slider.focus();
  await slider.press("Home");
  await expect.poll(state).toBe("requested.searching");
  expect(await current()).toContain("Requested");
  expect([await taken(), await car.count()]).toEqual([0, 0]);
  await slider.press("ArrowRight");
  await slider.press("ArrowRight");
  await expect.poll(state).toBe("accepted");
  expect(await current()).toMatch(/Dilshod .*accepted/);
  await timeline(page)
    .getByRole("button", { name: /started the ride/ })
    .click();
  await expect.poll(state).toBe("in_progress");
  await expect.poll(() => car.getAttribute("data-lat")).not.toBe(end);

  await detail.getByText("60×").click();
  await slider.press("Home");
  await detail.getByRole("button", { name: "Play" }).click();
  await detail.getByText("Now", { exact: true }).waitFor();
  await expect.poll(state).toBe("completed");
  expect(await car.getAttribute("data-lat")).toBe(end);
  await driver.say({ type: "driver_status", status: "offline" });
});

test("B93, B137: given more trips than a page, then the server pages and finds them, by the end of an id as it is shown too, and what nobody knows is nothing", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 27; i++) ids.push(await request(`rider-${i}`, north(60_000)));
  for (const id of ids.slice(0, 2))
    await server.call("POST", `/trips/${id}/cancel`, admin, { reason: "over" });
  const page = await openTrips();
  await row(page, ids.at(-1)!).waitFor();
  expect(await row(page, ids[1]!).count()).toBe(0);
  await page.getByRole("button", { name: "Next" }).click();
  await row(page, ids[1]!).getByText("Cancelled").waitFor();
  await page.getByLabel("End of an id, name or plate").fill(`…${ids[5]!.slice(-8)}`);
  await page.getByLabel("End of an id, name or plate").press("Enter");
  await row(page, ids[5]!).waitFor();
  await expect.poll(() => page.locator("tbody tr.ant-table-row").count()).toBe(1);
  await page.getByLabel("End of an id, name or plate").fill("nowhere");
  await page.getByLabel("End of an id, name or plate").press("Enter");
  await page.getByText("No trips match.").waitFor();
});
