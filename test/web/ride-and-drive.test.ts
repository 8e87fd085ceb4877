import type { Browser, Page } from "playwright-core";
import { type Device, openBrowser, openDevice, seriousFindings } from "./browser.ts";
import { type Proxy, openProxy } from "../fixtures/proxy.ts";
import { type TestServer, startServer } from "../fixtures/server.ts";
import type { Position } from "../../src/domain/geo.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

// A passenger and a driver, each with a page of their own in a real browser, against a real server.

/** Where a test takes place: out of reach of the cars of the tests before it. */
let street: Position = { lat: 38.3, lng: 68.78 };
const northOf = ({ lat, lng }: Position, degrees: number): Position => ({ lat: lat + degrees, lng });
let browser: Browser;
const shots = process.env["DG_LOOK"];
let shot = 0;
let server: TestServer;
let proxies: Proxy[] = [];
let devices: Device[] = [];
let people = 0;
const keyOfPassenger = `JSON.parse(localStorage.getItem("dg.passenger")).token`;

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(() => {
  street = northOf(street, 0.08);
  proxies = [];
  devices = [];
});
afterEach(async () => {
  for (const { page } of devices) await page.context().close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  const said = devices.flatMap(({ outside, errors }) => [...outside, ...errors]);
  expect(said, "no other host was asked, and nothing was thrown").toEqual([]);
});

/** A device behind a network of its own, which the test may cut. */
const device = async (path: string, at: Position = street): Promise<{ page: Page; network: Proxy }> => {
  const network = await openProxy(server.url);
  proxies.push(network);
  const opened = await openDevice(browser, network.url.replace(/\/$/, ""), {
    geolocation: { latitude: at.lat, longitude: at.lng },
    permissions: ["geolocation"],
    reducedMotion: "reduce",
  });
  devices.push(opened);
  await opened.page.goto(path);
  return { page: opened.page, network };
};

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const heading = (page: Page, name: string) =>
  page.getByRole("heading", { name, exact: true }).waitFor({ timeout: 20_000 });
/** Resolves once a change of theme is drawn, and nothing is on its way any more. */
const drawn = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))
  .then(() => undefined)`;
/** In both themes. */
const accessible = async (page: Page) => {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
    await page.evaluate(drawn);
    expect.soft(await seriousFindings(page), colorScheme).toEqual([]);
    if (shots) await page.screenshot({ path: `${shots}/${String(++shot).padStart(2, "0")}.png` });
  }
};

/** Registered and signed in, as by the page itself. */
const signedIn = async (role: "passenger" | "driver", page: Page) => {
  const name = role === "passenger" ? "Parvin" : "Dilshod";
  const person = { email: `s${++people}@example.org`, first_name: name };
  const car = { vehicle_type: "standard", license_plate: "0101TJ" };
  const { body } = await server.call("POST", `/${role}s/register`, undefined, { ...person, ...car });
  const account = { id: body[`${role}_id`], firstName: name, token: body.token };
  await page.evaluate(`localStorage.setItem("dg.${role}", ${JSON.stringify(JSON.stringify(account))})`);
  await page.reload();
};

const newPassenger = async () => {
  const { page, network } = await device("/ride");
  await signedIn("passenger", page);
  await heading(page, "Where from?");
  return { page, network };
};

/** In sight of the pickup, but further away than counts as an arrival. */
const newDriver = async (
  from: Position = northOf(street, 0.002),
  source: "device" | "simulated" = "device",
) => {
  const { page, network } = await device("/drive", from);
  const car = JSON.stringify({ ...from, heading: 0, speedMps: 0 });
  await page.evaluate(`localStorage.setItem("dg.drive.car", ${JSON.stringify(car)})`);
  await signedIn("driver", page);
  if (source === "device") await page.getByText("This device").click();
  await press(page, "Go online");
  await heading(page, "Waiting for orders");
  return { page, network };
};

/** Comes to the pickup, which is an arrival without a word. */
const come = async (page: Page) => {
  await page.context().setGeolocation({ latitude: street.lat, longitude: street.lng });
  await heading(page, "Wait for your passenger");
};

/** Pickup where the device is, dropoff where the map is tapped. */
const plan = async (page: Page) => {
  await press(page, "Use my position");
  await heading(page, "Where to?");
  await page.mouse.click(90, 160);
  await heading(page, "Your ride");
  await page.getByTestId("price").waitFor();
};
const request = async (page: Page) => {
  await plan(page);
  await press(page, "Request a ride");
};

test("B43, B47, B50: given a passenger's and a driver's page, when they take a trip together, then each sees every step of it, to the receipt, the rating and the day's earnings", async () => {
  const driver = await newDriver();
  const passenger = await newPassenger();
  await request(passenger.page);
  await heading(driver.page, "New order");
  await accessible(driver.page);
  await accessible(passenger.page);
  await driver.page.keyboard.press("Enter");

  await heading(passenger.page, "Your driver is coming");
  await passenger.page.getByText("0101TJ").waitFor();
  await accessible(passenger.page);
  await heading(driver.page, "Drive to the pickup");
  await accessible(driver.page);

  await come(driver.page);
  await heading(passenger.page, "Your driver is here");
  await accessible(passenger.page);
  await press(driver.page, "Start the ride");
  await heading(passenger.page, "On the way");
  await accessible(passenger.page);
  await heading(driver.page, "Drive to the dropoff");
  await accessible(driver.page);
  await press(driver.page, "Complete the ride");

  await heading(passenger.page, "You have arrived");
  await passenger.page.getByText("Distance, straight").waitFor();
  const fare = await passenger.page.getByTestId("fare").textContent();
  await accessible(passenger.page);
  await passenger.page.getByLabel("Stars").getByRole("radio").nth(3).click();
  await press(passenger.page, "Send");
  await passenger.page.getByText("Thank you!").waitFor();
  await heading(driver.page, "Waiting for orders");
  await expect.poll(() => driver.page.getByTestId("earned").textContent()).toContain(fare);
  await accessible(driver.page);
  await press(passenger.page, "New ride");
  await heading(passenger.page, "Where to?");
  await accessible(passenger.page);
});

test("B41, B42: given a trip, when both pages are loaded again, one loses its network and the other's is cut, then both come back by themselves to where the trip is", async () => {
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
  expect((await server.call("GET", "/trips", key)).body.items).toHaveLength(1);
  await driver.page.reload();
  await press(driver.page, "Accept");
  await heading(passenger.page, "Your driver is coming");
  await Promise.all([passenger.page.reload(), driver.page.reload()]);
  await heading(passenger.page, "Your driver is coming");
  await passenger.page.getByText("0101TJ").waitFor();

  await passenger.page.context().setOffline(true);
  await passenger.page.getByText("Reconnecting…").waitFor();
  await accessible(passenger.page);
  await come(driver.page);
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
  await press(driver.page, "Complete the ride");
  await heading(passenger.page, "You have arrived");
  await passenger.page.reload();
  await heading(passenger.page, "You have arrived");
  await passenger.page.getByText("Distance, straight").waitFor();
});

test("B44, B47: given a driver far from the pickup, when they arrive anyway and then cancel, then each takes a reason and the passenger's search goes on until they cancel it", async () => {
  const driver = await newDriver(northOf(street, 0.01));
  const passenger = await newPassenger();
  await request(passenger.page);
  await heading(driver.page, "New order");
  await driver.page.keyboard.press("Escape");
  await heading(driver.page, "Waiting for orders");
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
  await accessible(driver.page);
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
  const driver = await newDriver(northOf(street, 0.0012), "simulated");
  const passenger = await newPassenger();
  await request(passenger.page);
  await press(driver.page, "Accept");
  await heading(driver.page, "Wait for your passenger");
  await heading(passenger.page, "Your driver is here");
});

test("S51, S52: given somebody new, when they register, register again, paste a wrong key, their own, or one that the server no longer knows, then the page says what to do", async () => {
  const { page } = await device("/ride");
  const register = async () => {
    await page.getByLabel("E-mail").fill(`p${people}@example.org`);
    await page.getByLabel("First name").fill("Parvin");
    await press(page, "Register");
  };
  await accessible(page);
  await register();
  await heading(page, "Where from?");
  await accessible(page);
  const token = await page.evaluate<string>(keyOfPassenger);
  await page.getByRole("button", { name: "Account: Parvin" }).click();
  await press(page, "Sign out");
  await register();
  await page.getByText("Register with another e-mail").waitFor();
  await accessible(page);
  await press(page, "I have a key");
  await page.getByLabel("Your key").fill("nonsense");
  await press(page, "Sign in");
  await page.getByText("This is not a valid key").waitFor();
  await accessible(page);
  await page.getByLabel("Your key").fill(token);
  await press(page, "Sign in");
  await heading(page, "Where from?");

  await page.getByRole("button", { name: "Account:" }).click();
  await press(page, "Sign out");
  await press(page, "I have a key");
  await page.getByLabel("Your key").fill(`${token.slice(0, -8)}AAAAAAAA`);
  await press(page, "Sign in");
  await page.getByText("You were signed out").waitFor();

  await page.goto("/drive");
  await page.getByLabel("E-mail").fill("d@example.org");
  await page.getByLabel("First name").fill("Dilshod");
  await page.getByLabel("License plate").fill("0101TJ");
  await accessible(page);
  await press(page, "Register");
  await heading(page, "You are offline");
  await accessible(page);
});

test("B40: given a token that ends soon, when the page is opened, then it has a new one", async () => {
  const { page } = await device("/ride");
  const token = await server.token("somebody", "passenger", 3_600);
  await press(page, "I have a key");
  await page.getByLabel("Your key").fill(token);
  await press(page, "Sign in");
  await heading(page, "Where from?");
  const newest = () => page.evaluate<string>(keyOfPassenger);
  await expect.poll(newest).not.toBe(token);
});

test("B41: given a page that is opened a second time, when the second is there, then the first says so and can take over again", async () => {
  const { page } = await newPassenger();
  const second = await page.context().newPage();
  await second.goto("/ride");
  await page.getByText("This page is open in another window.").waitFor();
  await accessible(page);
  await press(page, "Use it here");
  await second.getByText("This page is open in another window.").waitFor();
});

test("B48: given a server, when its start page is opened, then it says what runs here and every page it leads to is there, in both languages and themes", async () => {
  const { page } = await device("/");
  await page.getByText("Serving").waitFor();
  await page.getByText("Dushanbe").waitFor();
  await accessible(page);
  for (const { name, href } of await page
    .getByRole("navigation")
    .getByRole("link")
    .evaluateAll((links) =>
      links.map((link) => ({ name: link.textContent, href: link.getAttribute("href")! })),
    ))
    expect((await server.call("GET", href)).status, name).toBe(200);
  await page.getByText("РУ").click();
  await page.getByText("Работает", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Тёмная или светлая тема" }).click();
  await accessible(page);
  for (const path of ["/ride", "/drive"]) {
    await page.goto(path);
    await page.getByRole("button", { name: "Зарегистрироваться" }).waitFor();
    await accessible(page);
  }
});
