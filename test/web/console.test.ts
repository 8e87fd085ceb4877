import { type Device, openBrowser, openDevice, seriousFindings } from "./browser.ts";
import { openProxy } from "../fixtures/proxy.ts";
import { type TestServer, type Wire, startServer } from "../fixtures/server.ts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";

// The operators' console in a real browser, against a real server.

const pickup = { lat: 38.56, lng: 68.78 };
const dropoff = { lat: 38.58, lng: 68.8 };
const desktop = { width: 1360, height: 820 };
let browser: Browser;
let server: TestServer;
let token: string;
let devices: Device[] = [];
const wires: Wire[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer()]);
  token = await server.token("operator", "admin", 3_600);
});
afterAll(async () => {
  for (const wire of wires) wire.close();
  await browser.close();
  await server.close();
});
afterEach(async () => {
  for (const { page } of devices) await page.context().close();
  const said = devices.flatMap(({ outside, errors }) => [...outside, ...errors]);
  devices = [];
  expect(said, "no other host was asked, and nothing was thrown").toEqual([]);
});

const open = async (path: string, url = server.url): Promise<Page> => {
  const device = await openDevice(browser, url, { viewport: desktop, reducedMotion: "reduce" });
  devices.push(device);
  await device.page.goto(path);
  return device.page;
};
const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true }).waitFor();
const go = async (page: Page, view: string) => {
  await page.getByRole("navigation").getByRole("link", { name: view }).click();
  await heading(page, view);
};
const live = (page: Page) => page.locator('output[data-link="ready"]').waitFor();

const driverAt = async (lat: number, name: string): Promise<{ id: string; wire: Wire }> => {
  const { id, token: own } = await server.newDriver(name);
  const wire = await server.open(`/ws/driver/${id}`, own);
  wires.push(wire);
  await wire.next("welcome");
  wire.send({ type: "driver_location", lat, lng: pickup.lng, heading: 90 });
  wire.send({ type: "driver_status", id: "on", status: "available" });
  await wire.next("ack");
  return { id, wire };
};

test("B71: given a link with a token, then the desk is live, the address bar has no token, and a reload needs none", async () => {
  const page = await open(`/admin#${token}`);
  await live(page);
  expect(page.url()).not.toContain(token.slice(0, 20));
  await page.reload();
  await live(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Operator's token or link").waitFor();
  await page.reload();
  await page.getByLabel("Operator's token or link").waitFor();
});

test("B71: given no token, text that is none, a stranger's and a passenger's, then the sign-in says why; a pasted link is taken", async () => {
  const page = await open("/admin");
  const enter = async (text: string) => {
    await page.getByLabel("Operator's token or link").fill(text);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  await enter("hello");
  await page.getByText("This is not a token.").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await enter(`${token.slice(0, -4)}AAAA`);
  await page.getByText("The server does not know this token").waitFor();
  await enter(await server.token("p1", "passenger"));
  await page.getByText("This token is not an operator's.").waitFor();
  await enter(`http://127.0.0.1:8000/admin#${token}`);
  await live(page);
});

test("B71: given a token that ends while the desk is open, then the sign-in says so", async () => {
  const page = await open(`/admin#${await server.token("operator", "admin", 3)}`);
  await page.getByText("Your sign-in has expired.").waitFor();
});

test("B72, B135, B138, B142: given a trip from request to its driver's cancel, then map, drivers, their reasons and the log show it as it happens", async () => {
  const page = await open(`/admin#${token}`);
  await live(page);
  const near = await driverAt(pickup.lat + 0.001, "Nearby");
  const resting = await driverAt(pickup.lat + 0.0005, "Resting");
  resting.wire.send({ type: "driver_status", id: "rest", status: "paused" });
  await resting.wire.next("ack", ({ id }) => id === "rest");
  const map = page.locator("[data-cars]");
  const shows = (name: string, count: number) =>
    page.locator(`.maplibregl-map[data-${name}="${count}"]`).waitFor({ timeout: 20_000 });
  await map.waitFor({ timeout: 20_000 });
  await shows("cars", 2);

  const rider = await server.open("/ws/passenger/p1", await server.token("p1", "passenger"));
  wires.push(rider);
  rider.send({ type: "request_trip", id: "r", pickup, dropoff });
  const { order_id } = await rider.next("ack");
  await shows("orders", 1);
  const offer = await near.wire.next("new_order");
  near.wire.send({ type: "accept_order", id: "a", order_id, offer_id: offer["offer_id"] });
  await near.wire.next("ack", ({ id }) => id === "a");
  await page.getByRole("button", { name: "To pickup 1" }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);

  await go(page, "Drivers");
  await page.getByRole("row", { name: /Nearby.*To pickup/ }).waitFor();
  resting.wire.send({ type: "driver_status", id: "away", status: "offline" });
  await page.getByRole("row", { name: /Resting.*Offline/ }).waitFor(); // pushed by the log, not asked for
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole("link", { name: "Resting" }).click();
  await page.getByText("Offered a trip in 0 of the newest 1 look that").waitFor();
  await page.getByText("busy, paused or offline").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Resting" }).and(page.locator(":focus")).waitFor();
  await page.getByRole("link", { name: "Nearby" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText("Offered a trip in 1 of the newest 1 look that").waitFor();
  await drawer.getByText("Today's trips: 1").waitFor();
  await drawer.getByText("Offers in 24 hours: 1 (accepted 1, declined 0, missed 0)").waitFor();
  const age = () => drawer.getByText(/sec\. ago/).textContent();
  const before = await age();
  await expect.poll(age).not.toBe(before);
  near.wire.send({ type: "cancel_order", id: "c", order_id, reason: "flat tyre" });
  await near.wire.next("ack", ({ id }) => id === "c");
  await drawer.getByText("Available", { exact: true }).waitFor(); // pushed by the log, not asked for
  await page.keyboard.press("Escape");

  await go(page, "Log");
  await page.getByText("driver.cancel").waitFor();
  await page.getByLabel("Id has").fill(resting.id.slice(-8));
  await expect.poll(() => page.getByText("driver.cancel").count()).toBe(0);
  await page.getByText("go_online").waitFor();
  await page.getByLabel("Id has").fill("");
  await page.getByRole("button", { name: "Pause" }).click();
  rider.send({ type: "cancel_trip", id: "x", order_id });
  await rider.next("ack", ({ id }) => id === "x");
  await page.getByRole("link", { name: /^Trips$/ }).waitFor(); // no live trip is counted beside it
  expect(await page.getByText("passenger.cancel").count()).toBe(0);
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("passenger.cancel").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
});

test("B73: given numbers, when the page is loaded again, then the last hour is still there, also in the other theme and language", async () => {
  const page = await open(`/admin#${token}`);
  await live(page);
  await go(page, "Numbers");
  const points = () => page.locator(".chart path").first().getAttribute("d");
  await expect.poll(points).toMatch(/^M.*L/);
  const before = (await points())!.split(/[ML]/).length;
  await page.reload();
  await expect.poll(async () => ((await points()) ?? "").split(/[ML]/).length).toBeGreaterThanOrEqual(before);
  await page.getByRole("button", { name: "Dark or light" }).click();
  await page.locator('html[data-theme="dark"]').waitFor();
  await page.getByText("РУ").click();
  await page.getByRole("link", { name: "Показатели" }).waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("ru");
});

test("B74, B112: given a network that goes and comes back, then the desk says so, is live again by itself, and its log has what was missed", async () => {
  const network = await openProxy(server.url);
  const page = await open(`${network.url.replace(/\/$/, "")}/admin#${token}`, network.url);
  await live(page);
  network.blackhole();
  network.cut();
  await page.getByText("Reconnecting…").waitFor();
  const { id, wire } = await driverAt(pickup.lat, "Meanwhile");
  network.forward();
  network.cut();
  await live(page);
  await page.locator(".maplibregl-map[data-cars]").waitFor({ timeout: 20_000 });
  await page.getByRole("button", { name: /^Available [1-9]/ }).waitFor();
  await go(page, "Log");
  await page.getByText(id.slice(-8)).first().waitFor();
  wire.close();
  await page.context().close();
  await network.close();
});

test("B111: given a network that fails while the map's code comes, then it is asked for again, and the map is there", async () => {
  const device = await openDevice(browser, server.url, { viewport: desktop, reducedMotion: "reduce" });
  devices.push(device);
  const failed = new Map<string, number>();
  await device.page.route(/map-view|opened-map|gl-worker/, (route) => {
    const { pathname } = new URL(route.request().url());
    const times = failed.get(pathname) ?? 0;
    failed.set(pathname, times + 1);
    return times < 2 ? route.abort("connectionreset") : route.continue();
  });
  await device.page.goto(`/admin#${token}`);
  await device.page.locator(".maplibregl-map[data-cars]").waitFor({ timeout: 20_000 });
  expect(failed.size).toBe(3);
});

test("B117, B119: given drivers and a request far from all of them, when the layer is on, then each cell with either is drawn; a map without streets says so", async () => {
  const page = await open(`/admin#${token}`);
  await live(page);
  const { wire } = await driverAt(pickup.lat, "Supply");
  const cells = () => page.locator(".maplibregl-map").getAttribute("data-cells", { timeout: 20_000 });
  await expect.poll(cells).toBe("0");
  await page.getByText("No streets: this server was given no map to draw.").waitFor();
  const layer = page.getByLabel("Supply and demand");
  await layer.click();
  await page.getByText("requests", { exact: true }).waitFor();
  await expect.poll(cells).toMatch(/^[1-9]/);
  const supplied = Number(await cells());
  const rider = await server.open("/ws/passenger/far", await server.token("far", "passenger"));
  wires.push(rider);
  const far = (lat: number) => ({ lat, lng: 69.1 });
  rider.send({ type: "request_trip", id: "r", pickup: far(38.85), dropoff: far(38.87) });
  const { order_id } = await rider.next("ack");
  await expect.poll(cells).toBe(String(supplied + 1));
  expect(await seriousFindings(page)).toEqual([]);
  rider.send({ type: "cancel_trip", id: "c", order_id });
  await expect.poll(cells).toBe(String(supplied));
  await layer.click();
  await expect.poll(cells).toBe("0");
  wire.close();
});

test("B75: given the first view, then all it loads but the map is under 400 kB compressed", async () => {
  const device = await openDevice(browser, server.url, { viewport: desktop });
  devices.push(device);
  const { page } = device;
  const loaded: string[] = [];
  page.on("response", (reply) => loaded.push(new URL(reply.url()).pathname));
  await page.goto(`/admin#${token}`);
  await live(page);
  await page.locator(".maplibregl-map[data-cars]").waitFor({ timeout: 20_000 });
  const dist = join(import.meta.dirname, "../../web/dist");
  const sizes = loaded
    .filter((path) => /^\/assets\/.*\.(js|css)$/.test(path))
    .map((path) => ({ path, bytes: gzipSync(readFileSync(join(dist, path))).length }));
  const map = sizes.filter(({ path }) => /opened-map/.test(path));
  const bytes = (files: typeof sizes) => files.reduce((sum, one) => sum + one.bytes, 0);
  expect(bytes(map), "the map comes apart").toBeGreaterThan(200_000);
  expect(bytes(sizes) - bytes(map)).toBeLessThan(400_000);
});
