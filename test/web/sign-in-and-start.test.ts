import { heading, keyOfPassenger, openPhones, press } from "./phones.ts";
import { accessible, accessibleWide } from "./screens.ts";
import { expect, test } from "vitest";

// Who one is on the pages of passengers and drivers, and the start page.

const { device, newPassenger, call, token: signed } = openPhones();

test("S51, S52: given somebody new, when they register, register again, paste a wrong key, their own, or one that the server no longer knows, then the page says what to do", async () => {
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
  await accessible(page, "start-phone");
  await accessibleWide(page, "start");
  for (const { name, href } of await page
    .getByRole("navigation")
    .getByRole("link")
    .evaluateAll((links) =>
      links.map((link) => ({ name: link.textContent, href: link.getAttribute("href")! })),
    ))
    expect((await call("GET", href)).status, name).toBe(200);
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
