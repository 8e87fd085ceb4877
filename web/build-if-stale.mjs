// Builds the web pages when they are missing, or older than what they are made of.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const dist = join(import.meta.dirname, "dist");
const made = join(dist, "index.html");
const ofWeb = readdirSync(import.meta.dirname).filter((name) => !/^(?:dist|node_modules)/.test(name));
const from = [
  ...ofWeb.map((name) => join("web", name)),
  "src/client",
  "src/protocol",
  "src/domain",
  "package-lock.json",
];

const newest = (path) =>
  statSync(path).isFile()
    ? statSync(path).mtimeMs
    : Math.max(...readdirSync(path).map((name) => newest(join(path, name))));

const stale = !existsSync(made) || from.some((path) => newest(join(root, path)) > statSync(made).mtimeMs);
if (stale && existsSync(join(root, "node_modules/vite"))) {
  // Two may build at once: each in a folder of its own, put in place whole.
  const own = join(import.meta.dirname, `dist-${process.pid}`);
  const vite = join(root, "node_modules/vite/bin/vite.js");
  execFileSync(process.execPath, [vite, "build", "--logLevel", "warn", "--outDir", own], {
    cwd: import.meta.dirname,
    stdio: "inherit",
    // Tests call this as well, and what they build is what `npm start` serves next.
    env: { ...process.env, NODE_ENV: "production" },
  });
  rmSync(dist, { recursive: true, force: true });
  try {
    renameSync(own, dist);
  } catch {
    rmSync(own, { recursive: true }); // the other was faster, and built the same
  }
}
