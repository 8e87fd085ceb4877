import { type Tokens, createTokens } from "./session/tokens.ts";
import { type Config, ConfigError } from "./config.ts";
import type { Clock } from "./domain/time.ts";
import { keptSecret } from "./secret.ts";
import { readFileSync } from "node:fs";

/** The keys that tokens are checked and signed with. Throws `ConfigError` where a key file is no such thing. */
export const openTokens = (config: Config, clock: Clock): { tokens: Tokens; secret: string } => {
  const secret = config.jwtSecret ?? keptSecret(config.dataDir);
  const jwks = config.jwksFile === null ? null : readJwks(config.jwksFile);
  return { secret, tokens: createTokens({ secret, ...(jwks && { jwks }) }, clock.wall) };
};

const readJwks = (file: string): { keys: object[] } => {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`DG_JWKS: ${(error as Error).message}`);
  }
  if (!Array.isArray((json as { keys?: unknown }).keys))
    throw new ConfigError(`DG_JWKS: ${file} has no list "keys"`);
  return json as { keys: object[] };
};
