import { heading, keyOfPassenger, openAccount, openPhones, press, signOut } from "./phones.ts";
import { accessible, accessibleWide, drawsScreens } from "./screens.ts";
import { expect, test } from "vitest";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

// Who one is on the pages of passengers and drivers, and the start page.

const { device, newDriver, call, token: signed } = openPhones({ maps: drawsScreens });

test("S51, S52, B126: given somebody new, when they register, register again, paste a wrong key, their own, or one that the server no longer knows, then the page says what to do", async () => {
  const { page } = await device("/ride");
  const register = async () => {
    await page.getByLabel("E-mail").fill("parvin@example.org");
    await page.getByLabel("First name").fill("Parvin");
    await press(page, "Register");
  };
  await heading(page, "A ride in a few taps");
  await accessible(page, "ride-sign-up");
  await register();
  await heading(page, "Where from?");
  await accessible(page);
  const token = await page.evaluate<string>(keyOfPassenger);
  await openAccount(page);
  expect(await page.getByLabel("Your key").inputValue()).toBe(token);
  await press(page, "Sign out");
  await page.getByText("There is no password").waitFor();
  await accessible(page);
  await press(page, "Stay");
  await press(page, "Sign out");
  await press(page, "Yes, sign out");
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

  await signOut(page);
  await press(page, "I have a key");
  await page.getByLabel("Your key").fill(`${token.slice(0, -8)}AAAAAAAA`);
  await press(page, "Sign in");
  await page.getByText("You were signed out").waitFor();

  await page.goto("/drive");
  await page.getByLabel("E-mail").fill("d@example.org");
  await page.getByLabel("First name").fill("Dilshod");
  await page.getByLabel("License plate").fill("0101TJ");
  await accessible(page, "drive-sign-up");
  await press(page, "Register");
  await heading(page, "You are offline");
  await accessible(page, "drive-offline");
});

test("B40: given a token that ends soon, when the page is opened, then it has a new one", async () => {
  const { page } = await device("/ride");
  const token = await signed("somebody", "passenger", 3_600);
  await press(page, "I have a key");
  await page.getByLabel("Your key").fill(token);
  await press(page, "Sign in");
  await heading(page, "Where from?");
  const newest = () => page.evaluate<string>(keyOfPassenger);
  await expect.poll(newest).not.toBe(token);
});

test("B41, B127: given a page that is opened a second time, when the second is there, then the first says so, does nothing more, and can take over again", async () => {
  const { page } = await newDriver(undefined, "simulated");
  const second = await page.context().newPage();
  await second.goto("/drive");
  await page.bringToFront(); // the clocks of a page that nobody sees are slow
  await heading(page, "This page is open in another window.");
  await accessible(page);
  expect(await page.getByRole("main").getByRole("button").allTextContents()).toEqual(["Use it here"]);
  expect(await page.getByRole("button", { name: /^Account:/ }).count()).toBe(0);
  await second.goto("about:blank");
  const cars = `Object.keys(localStorage).filter((name) => name.startsWith("dg.drive.car"))`;
  await page.evaluate(`${cars}.forEach((name) => localStorage.removeItem(name))`);
  await page.waitForTimeout(1_500); // a car moves each second
  expect(await page.evaluate(cars)).toEqual([]);
  await second.goto("/drive");
  await heading(second, "Waiting for orders");
  await press(page, "Use it here");
  await heading(second, "This page is open in another window.");
});

test("B124, B128: given a browser without WebGL and a server in trouble for a moment, when a page is opened, then it comes, says that there is no map, and the rest works", async () => {
  const { page } = await device("/");
  if (drawsScreens) await page.addInitScript(`HTMLCanvasElement.prototype.getContext = () => null`);
  const error = { code: "unavailable", message: "not now" };
  await page.route("/config.json", (route) => route.fulfill({ status: 503, json: { error } }), { times: 1 });
  await page.goto("/ride");
  await heading(page, "A ride in a few taps");
  await page.getByText("No map here").waitFor();
  await accessible(page);
  await press(page, "I have a key");
  await page.getByLabel("Your key").fill(await signed("blind", "passenger", 3_600));
  await press(page, "Sign in");
  await press(page, "Use my position");
  await heading(page, "Where to?");
});

test("B48, B140: given a server, when its start page is opened, then it says what runs here and every page it leads to is there, in both languages and themes", async () => {
  const { page } = await device("/");
  await page.getByText("Serving").waitFor();
  await page.getByText("Dushanbe").waitFor();
  await accessible(page, "start-phone");
  await accessibleWide(page, "start");
  for (const { name, href } of await page
    .getByRole("navigation")
    .getByRole("link")
    .evaluateAll((links) =>
      links.map((link) => ({ name: link.textContent, href: link.getAttribute("href")! })),
    ))
    expect((await call("GET", href)).status, name).toBe(200);
  await page.goto("/docs");
  await page.locator(".opblock").first().waitFor();
  await page.getByText("you say").first().waitFor();
  await page.locator(".opblock-summary-control").first().click();
  await page.getByRole("heading", { name: "Responses" }).waitFor();
  await accessible(page, "docs-phone");
  await accessibleWide(page, "docs");
  await page.getByRole("link", { name: "DG Do Dispatch" }).click();
  await page.getByText("РУ").click();
  await page.getByText("Работает", { exact: true }).waitFor();
  await accessible(page, "start-phone-russian");
  for (const path of ["/ride", "/drive"]) {
    await page.goto(path);
    await page.getByRole("button", { name: "Зарегистрироваться" }).waitFor();
    await accessible(page);
  }
  await page.getByRole("button", { name: "Тёмная или светлая тема" }).click();
  await page.locator('html[data-theme="dark"]').waitFor();
});

test("B122: given the pages as they are built for tests, when their code is read, then nothing of it is React's for development", () => {
  const assets = join(import.meta.dirname, "../../web/dist/assets");
  const code = readdirSync(assets).filter((file) => file.endsWith(".js"));
  expect(code.length).toBeGreaterThan(5);
  const forDevelopment = code.filter((file) => readFileSync(join(assets, file), "utf8").includes("jsxDEV"));
  expect(forDevelopment).toEqual([]);
});
