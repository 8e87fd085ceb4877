import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./config.ts";

/**
 * The secret that signs tokens where the configuration names none: 256 random bits as text, made
 * once and kept in the data folder, readable by its owner only (S22). Throws `ConfigError`.
 */
export const keptSecret = (dataDir: string): string => {
  const file = join(dataDir, "jwt-secret");
  const found = read(file);
  if (found === null) {
    const made = randomBytes(32).toString("base64url");
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, `${made}\n`, { mode: 0o600, flag: "wx" });
    return made;
  }
  // Cut short by a full disk: tokens signed with it could be forged.
  if (found.length < 32) throw new ConfigError(`${file} holds no secret; remove it to get a new one`);
  return found;
};

const read = (file: string): string | null => {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
};
