import { type JWTVerifyGetKey, createLocalJWKSet, createRemoteJWKSet, customFetch, errors } from "jose";

/** The keys could not be asked for, and those at hand do not answer: the token is neither proven nor forged. */
export class KeysUnavailable extends Error {
  override name = "KeysUnavailable";
}

/** S41: after a failure nobody asks for so long. */
const PAUSE_MS = 5_000;

/**
 * The public keys behind a URL: fetched with the first token, again after ten minutes, and for a token that names
 * an unknown key, then at most twice a minute. Rejects with `KeysUnavailable`; `failed` hears of each failure once.
 */
export const remoteKeys = (url: URL, failed: (error: unknown) => void): JWTVerifyGetKey => {
  let newest: unknown;
  let askAgainAt = 0;
  const remote = createRemoteJWKSet(url, {
    [customFetch]: (href, options) =>
      Date.now() < askAgainAt ? Promise.reject(newest) : fetch(href, options),
  });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (isAnswer(error)) throw error;
      // Tokens that waited for one answer share its failure.
      if (error !== newest) {
        newest = error;
        askAgainAt = Date.now() + PAUSE_MS;
        failed(error);
      }
      // S42: what is signed with a key we have seen is good without asking.
      const kept = remote.jwks();
      if (kept === undefined) throw new KeysUnavailable();
      return createLocalJWKSet(kept)(header, token).catch(() => {
        throw new KeysUnavailable();
      });
    }
  };
};

/** The keys were there, and the token names none of them, or several. */
const isAnswer = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
