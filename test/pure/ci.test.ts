import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { join } from "node:path";
import { execSync, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";

const ci = join(import.meta.dirname, "../../.ci");

/** The script where these programs do something else. */
const runWith = (
  script: string,
  programs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
) => {
  const bin = mkdtempSync(join(tmpdir(), "dg-ci-"));
  for (const [name, does] of Object.entries(programs))
    writeFileSync(join(bin, name), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
  try {
    return spawnSync("bash", [join(ci, script)], {
      encoding: "utf8",
      env: { PATH: `${bin}:${process.env["PATH"]}`, ...env },
    });
  } finally {
    rmSync(bin, { recursive: true });
  }
};
/** Where npm installs nothing. */
const withoutRegistry = (script: string, env: Readonly<Record<string, string>>) =>
  runWith(script, { npm: "exit 1" }, env);

describe("CI", () => {
  test("M49: given no registry, when another Node is asked for, then a line says that it is skipped", () => {
    const { status, stdout } = withoutRegistry("other-node", {});
    expect(stdout).toMatch(/^SKIPPED: node-\S+@22 cannot be installed here$/m);
    expect(status).toBe(0);
  });

  test("M49: given CI and no registry, when another Node is asked for, then it is red", () => {
    expect(withoutRegistry("other-node", { CI: "true" }).status).toBe(1);
  });

  test("E164: given a machine that may do all of it, then chaos is strict there", () => {
    const { stdout } = runWith("chaos", { npm: 'echo "$@"', mount: "exit 0", umount: "exit 0" });
    const files = execSync("ulimit -Hn", { shell: "bash", encoding: "utf8" }).trim();
    if (Number(files) < 12_000)
      expect(stdout).toContain("SKIPPED: a part of chaos: this machine lacks 12,000 open files");
    else expect(stdout).toBe("run chaos -- --minutes 2 --strict\n");
  });

  test("E164: given a machine that may not mount a tmpfs, then a line says so, and chaos is not strict", () => {
    const { stdout } = runWith("chaos", { npm: 'echo "$@"', mount: "exit 1" });
    expect(stdout).toMatch(/^SKIPPED: a part of chaos: this machine lacks the right to mount a tmpfs$/m);
    expect(stdout).toMatch(/^run chaos -- --minutes 2$/m);
  });

  test("M49: given anybody who runs it, when .ci/run begins, then it is CI to whatever it calls", () => {
    const [before] = readFileSync(join(ci, "run"), "utf8").split("npm ci");
    expect(before).toMatch(/^export CI=true$/m);
  });
});
