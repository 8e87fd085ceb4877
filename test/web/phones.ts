import { type Device, desktop, openBrowser, openDevice } from "./browser.ts";
import { type Proxy, openProxy } from "../fixtures/proxy.ts";
import { type TestServer, startServer } from "../fixtures/server.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { Browser, Page } from "playwright-core";
import type { Position } from "../../src/domain/geo.ts";

/** A page, and the network between it and the server, which a test may cut. */
export interface Phone {
  readonly page: Page;
  readonly network: Proxy;
}
export type Phones = ReturnType<typeof openPhones>;

export const northOf = ({ lat, lng }: Position, degrees: number): Position => ({ lat: lat + degrees, lng });
export const keyOfPassenger = `JSON.parse(localStorage.getItem("dg.passenger")).token`;

/** What the pages' tests need of a server, be it in this process or in one of its own. */
export type Served = Pick<TestServer, "url" | "call" | "token" | "close">;

/**
 * A server and a browser for the tests of a file, and after each a look whether a page threw or asked another host.
 * The first test takes place a little north of `south`.
 */
export const openPhones = ({
  start = startServer,
  south = { lat: 38.3, lng: 68.78 },
  maps = true,
}: {
  readonly start?: () => Promise<Served>;
  readonly south?: Position;
  readonly maps?: boolean;
} = {}) => {
  let browser: Browser;
  let server: Served;
  let devices: Device[] = [];
  let proxies: Proxy[] = [];
  let people = 0;
  /** Where a test takes place: out of reach of the cars of the tests before it. */
  let street = south;

  beforeAll(async () => {
    [browser, server] = await Promise.all([openBrowser({ maps }), start()]);
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
  const device = async (path: string, at: Position = street): Promise<Phone> => {
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

  /** Registered and signed in, as by the page itself. */
  const signedIn = async (role: "passenger" | "driver", page: Page, name: string, at: Position = street) => {
    const person = { email: `s${++people}@example.org`, first_name: name };
    const car = { vehicle_type: "standard", license_plate: "0101TJ" };
    const { body } = await server.call("POST", `/${role}s/register`, undefined, { ...person, ...car });
    const account = { id: body[`${role}_id`], firstName: name, token: body.token };
    const keep = (name: string, value: object) =>
      page.evaluate(
        `localStorage.setItem(${JSON.stringify(name)}, ${JSON.stringify(JSON.stringify(value))})`,
      );
    await keep(`dg.${role}`, account);
    await keep(`dg.drive.car.${account.id}`, { ...at, heading: 0, speedMps: 0 });
    await page.reload();
  };

  const newPassenger = async () => {
    const { page, network } = await device("/ride");
    await signedIn("passenger", page, "Parvin");
    await heading(page, "Where from?");
    return { page, network };
  };

  /** In sight of the pickup, but further away than counts as an arrival. */
  const newDriver = async (
    from: Position = northOf(street, 0.002),
    source: "device" | "simulated" = "device",
    name = "Dilshod",
  ) => {
    const { page, network } = await device("/drive", from);
    await signedIn("driver", page, name, from);
    if (source === "device") await page.getByText("This device").click();
    await press(page, "Go online");
    await heading(page, "Waiting for orders");
    return { page, network };
  };

  /** The operators' console, at a desk. */
  const openConsole = async (): Promise<Page> => {
    const opened = await openDevice(browser, server.url, { viewport: desktop, reducedMotion: "reduce" });
    devices.push(opened);
    await opened.page.goto(`/admin#${await server.token("olim", "admin", 3_600)}`);
    await opened.page.locator('output[data-link="ready"]').waitFor();
    return opened.page;
  };

  return {
    device,
    openConsole,
    newPassenger,
    newDriver,
    call: (...asked: Parameters<TestServer["call"]>) => server.call(...asked),
    token: (...asked: Parameters<TestServer["token"]>) => server.token(...asked),
    street: () => street,
  };
};

export const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
export const heading = (page: Page, name: string) =>
  page.getByRole("heading", { name, exact: true }).waitFor({ timeout: 20_000 });

export const openAccount = (page: Page) => page.getByRole("button", { name: /^Account:/ }).click();
export const signOut = async (page: Page) => {
  await openAccount(page);
  await press(page, "Sign out");
  await press(page, "Yes, sign out");
};

/** Comes to the pickup, which is an arrival without a word. */
export const comeTo = async (street: Position, page: Page) => {
  await page.context().setGeolocation({ latitude: street.lat, longitude: street.lng });
  await heading(page, "Wait for your passenger");
};

/** Both places are on the map, and the sheet covers neither. */
export const seesPlaces = (page: Page) =>
  expect
    .poll(() =>
      page.evaluate<boolean>(`["pickup", "dropoff"].every((kind) => {
        const { x, y, width, height } = document.querySelector(".mark-" + kind).getBoundingClientRect();
        const [middle, foot] = [x + width / 2, kind === "pickup" ? y + height / 2 : y + height];
        const sheet = document.querySelector(".phone-sheet").getBoundingClientRect();
        return middle > 0 && middle < innerWidth && y > 0 && foot < sheet.top;
      })`),
    )
    .toBe(true);

/** "about 1.2 km": how long a ride is told to be just now. */
export const toldLength = async (page: Page): Promise<string | undefined> =>
  /about [\d.]+ k?m/.exec((await page.getByRole("main").textContent()) ?? "")?.[0];

/** Pickup where the device is, dropoff where the map is tapped. */
export const plan = async (page: Page) => {
  await press(page, "Use my position");
  await heading(page, "Where to?");
  await page.mouse.click(90, 160);
  await heading(page, "Your ride");
  await page.getByTestId("price").waitFor();
};
export const request = async (page: Page) => {
  await plan(page);
  await press(page, "Request a ride");
};
