import { mkdtempSync, rmSync, statfsSync, chmodSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { tmpdir } from "node:os";

/** Where the database lives: a small file system of its own, which can be full. */
export interface Disk {
  readonly dir: string;
  /** Why this machine has no such file system; null: it has, and the disk can be filled. */
  readonly fixed: string | null;
  /** Not a byte is free from now on. */
  fill(): void;
  free(): void;
  remove(): void;
}

const TRIES = 50;
const SIZE = "3g"; // of memory, as far as it is used

export const openDisk = (): Disk => {
  const dir = mkdtempSync(join(tmpdir(), "dg-chaos-"));
  chmodSync(dir, 0o711); // the database may run as another user
  const failed = mount("-t", "tmpfs", "-o", `size=${SIZE},mode=711`, "dg-chaos", dir);
  const resize = (size: string): string | null => mount("-o", `remount,size=${size}`, dir);
  const remove = (): void => {
    process.off("exit", remove);
    if (failed === null) spawnSync("umount", ["--lazy", dir]);
    rmSync(dir, { recursive: true, force: true });
  };
  process.once("exit", remove); // however this process ends
  return {
    dir,
    fixed: failed,
    // As large as what is on it: no filler has to be written. Fails while more than that is being written.
    fill: () => {
      for (let failures = 0; ; failures++) {
        const { blocks, bfree, bsize } = statfsSync(dir);
        const why = resize(String((blocks - bfree) * bsize));
        if (why === null) return;
        if (failures === TRIES) throw new Error(`the disk cannot be made smaller: ${why}`);
      }
    },
    free: () => {
      const why = resize(SIZE);
      if (why !== null) throw new Error(`the disk cannot be made larger: ${why}`);
    },
    remove,
  };
};

/** Null when it worked, else the first line of why not. */
const mount = (...args: string[]): string | null => {
  const { status, stderr, error } = spawnSync("mount", args, { encoding: "utf8" });
  return status === 0 ? null : (error?.message ?? stderr.trim().split("\n")[0] ?? "mount failed");
};
