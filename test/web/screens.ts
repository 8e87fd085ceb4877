import type { Page } from "playwright-core";
import { expect } from "vitest";
import { join } from "node:path";
import { desktop, phone, seriousFindings } from "./browser.ts";

/** `DG_SCREENS=1 npm test -- --project web` makes the pictures of the documents anew. */
export const drawsScreens = process.env["DG_SCREENS"] !== undefined;
const folder = join(import.meta.dirname, "../../docs/screens");

/** Resolves once a change of theme is drawn, and what ends at all has ended. */
const drawn = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < Infinity))
  .then((moving) => Promise.allSettled(moving.map(({ finished }) => finished)))
  .then(() => undefined)`;

/** As `accessible`, on a screen that is no phone's. Its colours are the same: one theme is looked at, two are drawn. */
export const accessibleWide = async (page: Page, name: string): Promise<void> => {
  await page.setViewportSize(desktop);
  await accessible(page, name, drawsScreens ? themes : ["light"]);
  await page.setViewportSize(phone);
};

type Theme = "dark" | "light";
const themes: readonly Theme[] = ["dark", "light"];

const tooWide = `document.documentElement.scrollWidth - innerWidth`;

/**
 * In both themes: nothing serious, nothing that sticks out; with a name also a picture for the documents. Themes
 * differ in colours only: the rest is looked at in the first.
 */
export const accessible = async (page: Page, name?: string, inThemes = themes): Promise<void> => {
  for (const [i, colorScheme] of inThemes.entries()) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
    await page.evaluate(drawn);
    expect.soft(await seriousFindings(page, i === 0 ? "all" : "colours"), colorScheme).toEqual([]);
    expect.soft(await page.evaluate<number>(tooWide), "pixels that stick out").toBeLessThanOrEqual(0);
    if (name !== undefined) await screen(page, `${name}-${colorScheme}`);
  }
};

/** A map does not say when it is drawn. */
const MAP_DRAWN_MS = 1_000;

/** Of the page as it is. */
const screen = async (page: Page, name: string): Promise<void> => {
  if (!drawsScreens) return;
  await page.waitForTimeout(MAP_DRAWN_MS);
  await page.screenshot({ path: join(folder, `${name}.png`) });
};
