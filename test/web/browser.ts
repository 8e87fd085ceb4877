import { type Browser, type BrowserContextOptions, type Page, chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Debian's Chromium, without a word to anybody. It draws maps in software: who looks at none is faster without. */
export const openBrowser = ({ maps = true } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(maps ? [] : ["--disable-3d-apis"]),
    ],
  });

/** A page of somebody's own device, and which other hosts it spoke to. */
export interface Device {
  readonly page: Page;
  /** Requests to anybody but `url`'s host. */
  readonly outside: string[];
  /** What the page threw. */
  readonly errors: string[];
}

export const phone = { width: 390, height: 844 };
/** A small one: also the size of the pictures in the documents. */
export const desktop = { width: 1280, height: 720 };

export const openDevice = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Device> => {
  const context = await browser.newContext({
    baseURL: url,
    viewport: phone,
    locale: "en",
    bypassCSP: false,
    ...options,
  });
  const page = await context.newPage();
  const { host } = new URL(url);
  const outside: string[] = [];
  const errors: string[] = [];
  const seen = (asked: string) => {
    const target = new URL(asked);
    if (!["data:", "blob:"].includes(target.protocol) && target.host !== host) outside.push(asked);
  };
  page.on("request", (request) => seen(request.url()));
  page.on("websocket", (socket) => seen(socket.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  return { page, outside, errors };
};

type Rules = "all" | "colours";

/** What axe finds serious or worse on a page as it is now, each with the first element. */
export const seriousFindings = async (page: Page, rules: Rules = "all"): Promise<string[]> => {
  if (!(await page.evaluate<boolean>(`"axe" in globalThis`))) await page.evaluate(axeSource); // by the debugger, which no policy of the page binds
  return page.evaluate(
    async (options) => {
      const { axe } = globalThis as unknown as {
        axe: {
          run(options: object): Promise<{
            violations: { impact: string | null; id: string; nodes: { html: string }[] }[];
          }>;
        };
      };
      const { violations } = await axe.run(options);
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    },
    {
      resultTypes: ["violations"],
      preload: false,
      ...(rules === "colours" && { runOnly: ["color-contrast"] }),
    },
  );
};
