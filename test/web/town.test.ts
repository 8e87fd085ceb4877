import { accessible, drawsScreens } from "./screens.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { desktop, openBrowser, openDevice, phone } from "./browser.ts";
import { openTown, townMarkets } from "./town.ts";
import type { Browser, Page } from "playwright-core";
import { callServer } from "../fixtures/server.ts";
import { newServer } from "../fixtures/server-process.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { writeRoads } from "./town-roads.ts";

// Every view of the console over a town at work. For the pictures of the documents the town is larger, and worked a while.

const CARS = drawsScreens ? 200 : 12;
const ASK_EVERY_MS = drawsScreens ? 1_200 : 1_000;
/** The one whose detail is looked at. */
const shownTrip = drawsScreens ? "completed" : "en_route";
const WORKED_MS = drawsScreens ? 130_000 : 0;

const server = await newServer({ DG_MAP_ROADS: writeRoads() }, townMarkets);
let browser: Browser;
let town: { close(): void };
beforeAll(async () => {
  [browser] = await Promise.all([openBrowser({ maps: drawsScreens }), server.start()]);
  town = await openTown(server, CARS, ASK_EVERY_MS);
  await sleep(WORKED_MS);
}, 240_000);
afterAll(async () => {
  town.close();
  await browser.close();
  await server.remove();
});

const go = async (page: Page, view: string) => {
  await page.getByRole("navigation").getByRole("link", { name: view }).click();
  await page.getByRole("heading", { name: view, exact: true }).waitFor();
};
test.each(["desktop", "phone"] as const)(
  "B73, B103: given a town at work, when each view of the console is looked at on a %s, then nothing serious is found and nothing sticks out",
  async (on) => {
    const viewport = on === "desktop" ? desktop : phone;
    /** Colours are those of the desktop. */
    const looked = on === "desktop" || drawsScreens ? undefined : (["light"] as const);
    const { page, errors, outside } = await openDevice(browser, server.url, {
      viewport,
      reducedMotion: "reduce",
    });
    const look = (view: string) =>
      accessible(page, `console-${view}${on === "phone" ? "-phone" : ""}`, looked);
    const token = server.token("olim", "admin");
    await page.goto(`/admin#${token}`);
    await (
      drawsScreens
        ? page.locator('.maplibregl-map[data-orders]:not([data-orders="0"])')
        : page.getByText("No map here")
    ).waitFor();
    await look("map");
    await go(page, "Trips");
    await page.locator("tr.ant-table-row").nth(2).waitFor({ timeout: 20_000 });
    await look("trips");
    const { body } = await callServer(server.url, "GET", `/trips?status=${shownTrip}`, token);
    const trip: string = body.items[0].trip_id;
    await page.evaluate(`location.hash = "#/trips?trip=${trip}"`);
    await page.locator("svg[data-state]").waitFor();
    await look("trip");
    await page.keyboard.press("Escape");
    await go(page, "Drivers");
    await page.locator("tr.ant-table-row").nth(5).waitFor();
    await look("drivers");
    await go(page, "Numbers");
    await page.locator('.chart path[d*="L"]').first().waitFor({ timeout: 40_000 });
    await look("numbers");
    await go(page, "Alarms");
    if (drawsScreens) await page.getByText("Driver lost").first().waitFor({ timeout: 60_000 });
    await look("alarms");
    await go(page, "Log");
    await page.getByText("en_route").first().waitFor();
    if (drawsScreens) await page.getByLabel("Event").fill("accept");
    await look("log");
    expect([...errors, ...outside]).toEqual([]);
    await page.context().close();
  },
  120_000,
);
