// Builds the web pages when they are missing, or older than what they are made of.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const made = join(import.meta.dirname, "dist/index.html");
const from = [
  "web/src",
  "web/vite.config.ts",
  "web/admin.html",
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
if (stale && existsSync(join(root, "node_modules/vite")))
  execFileSync(
    process.execPath,
    [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"],
    {
      cwd: import.meta.dirname,
      stdio: "inherit",
    },
  );
