import { type JWTVerifyGetKey, createLocalJWKSet } from "jose";
import { type Tokens, createTokens } from "./session/tokens.ts";
import { type Config, ConfigError } from "./config.ts";
import type { Clock } from "./domain/time.ts";
import { keptSecret } from "./secret.ts";
import { readFileSync } from "node:fs";
import { remoteKeys } from "./session/remote-keys.ts";
import { readJson } from "./read-json.ts";

/**
 * The keys that tokens are checked and signed with. A file is read now, and `ConfigError` thrown where it is none;
 * a URL is asked when the first token of it comes, and `failed` hears when it does not answer.
 */
export const openTokens = (
  { jwtSecret, dataDir, jwks }: Config,
  clock: Clock,
  failed: (error: unknown) => void,
): { tokens: Tokens; secret: string } => {
  const secret = jwtSecret ?? keptSecret(dataDir);
  const foreign = jwks instanceof URL ? remoteKeys(jwks, failed) : jwks !== null && keysIn(jwks);
  return { secret, tokens: createTokens({ secret, ...(foreign && { foreign }) }, clock.wall) };
};

const keysIn = (file: string): JWTVerifyGetKey => {
  let json: unknown;
  try {
    json = readJson(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`DG_JWKS: ${(error as Error).message}`);
  }
  if (!Array.isArray((json as { keys?: unknown }).keys))
    throw new ConfigError(`DG_JWKS: ${file} has no list "keys"`);
  return createLocalJWKSet(json as { keys: object[] });
};
