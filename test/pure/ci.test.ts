import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";

const ci = join(import.meta.dirname, "../../.ci");

/** The script where npm installs nothing. */
const withoutRegistry = (script: string, env: Readonly<Record<string, string>>) => {
  const bin = mkdtempSync(join(tmpdir(), "dg-ci-"));
  writeFileSync(join(bin, "npm"), "#!/bin/sh\nexit 1\n");
  chmodSync(join(bin, "npm"), 0o755);
  try {
    return spawnSync("bash", [join(ci, script)], {
      encoding: "utf8",
      env: { PATH: `${bin}:${process.env["PATH"]}`, ...env },
    });
  } finally {
    rmSync(bin, { recursive: true });
  }
};

describe("CI", () => {
  test("M49: given no registry, when another Node is asked for, then a line says that it is skipped", () => {
    const { status, stdout } = withoutRegistry("other-node", {});
    expect(stdout).toMatch(/^SKIPPED: node-\S+@22 cannot be installed here$/m);
    expect(status).toBe(0);
  });

  test("M49: given CI and no registry, when another Node is asked for, then it is red", () => {
    expect(withoutRegistry("other-node", { CI: "true" }).status).toBe(1);
  });

  test("M49: given anybody who runs it, when .ci/run begins, then it is CI to whatever it calls", () => {
    const [before] = readFileSync(join(ci, "run"), "utf8").split("npm ci");
    expect(before).toMatch(/^export CI=true$/m);
  });
});
