import { afterAll, beforeAll, expect, test } from "vitest";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { tmpdir } from "node:os";

const root = mkdtempSync(join(tmpdir(), "dg-web-"));
const script = join(root, "web/build-if-stale.mjs");
/** Of each kind of file that pages are made of, or by, one. */
const sources = [
  "web/ride.html",
  "web/compress.ts",
  "web/package.json",
  "web/src/start/main.tsx",
  "src/client/http.ts",
  "src/protocol/values.ts",
  "src/domain/ids.ts",
  "package-lock.json",
];
const vite = `
  import { mkdirSync, writeFileSync } from "node:fs";
  const out = process.argv[process.argv.indexOf("--outDir") + 1];
  mkdirSync(out);
  writeFileSync(out + "/index.html", process.env.NODE_ENV + " " + process.hrtime.bigint());
`;

/** What a look at the pages leaves to be served. */
const looked = (): string => {
  execFileSync(process.execPath, [script], { env: { ...process.env, NODE_ENV: "test" } });
  return readFileSync(join(root, "web/dist/index.html"), "utf8");
};
const changedAt = (path: string, atS: number): void => utimesSync(join(root, path), atS, atS);

beforeAll(() => {
  const long = Date.now() / 1_000 - 3_600;
  for (const path of [...sources, "node_modules/vite/bin/vite.js"]) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), path.endsWith("vite.js") ? vite : "");
    changedAt(path, long);
  }
  writeFileSync(join(root, "node_modules/vite/package.json"), '{ "type": "module" }');
  copyFileSync(join(import.meta.dirname, "../../web/build-if-stale.mjs"), script);
  changedAt("web/build-if-stale.mjs", long);
});
afterAll(() => rmSync(root, { recursive: true }));

test("B122: given tests that look at the pages, when they are built for them, then they are built for production", () => {
  expect(looked()).toMatch(/^production /);
});

test("B122: given pages that were built, when nothing changed, then they stay; when anything they are made of did, then they are built anew", () => {
  let built = looked();
  expect(looked()).toBe(built);
  const now = Date.now() / 1_000;
  for (const path of sources) {
    changedAt(path, now + 60);
    const anew = looked();
    expect(anew, path).not.toBe(built);
    built = anew;
    changedAt(path, now - 60);
  }
});
