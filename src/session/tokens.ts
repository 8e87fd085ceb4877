import {
  type CryptoKey,
  type JSONWebKeySet,
  type JWTPayload,
  SignJWT,
  createLocalJWKSet,
  errors,
  jwtVerify,
} from "jose";
import { type Refusal, refusal } from "../domain/errors.ts";
import type { Identity } from "./desk.ts";
import type { Role } from "../domain/status.ts";
import { isId } from "../domain/ids.ts";

/** What a token proves, or why it proves nothing: `unauthenticated` or `token_expired`. */
export type Verified =
  | { readonly is: "ok"; readonly identity: Identity }
  | { readonly is: "refused"; readonly refusal: Refusal };

export interface Tokens {
  /** A token seen before is answered at once, until it expires (S3). */
  verify(token: string): Verified | Promise<Verified>;
  /** A new token of this server, signed with its secret. */
  sign(sub: string, role: Role, ttlS: number): Promise<string>;
}

export interface TokenKeys {
  /** HS256: this server's own tokens. */
  readonly secret: string;
  /** Public keys of tokens made elsewhere (ES256, EdDSA, RS256). */
  readonly jwks?: JSONWebKeySet;
}

/** S3: a verified token is remembered by its exact text; so many at once. */
const REMEMBERED_TOKENS = 20_000;
const foreignAlgorithms = ["ES256", "EdDSA", "RS256"];

/** `wallMs`: Unix milliseconds, the clock that tokens expire by. */
export const createTokens = (keys: TokenKeys, wallMs: () => number): Tokens => {
  const known = new Map<string, Identity>();
  const own = importSecret(keys.secret);
  const foreign = keys.jwks && createLocalJWKSet(keys.jwks);

  const payloadOf = async (token: string): Promise<JWTPayload> => {
    const options = { currentDate: new Date(wallMs()), requiredClaims: ["sub", "role", "exp"] };
    try {
      return (await jwtVerify(token, await own, { ...options, algorithms: ["HS256"] })).payload;
    } catch (error) {
      // S2: the algorithm decides whose key is asked, so that a public key never checks an HS256 token.
      if (!foreign || !(error instanceof errors.JOSEAlgNotAllowed)) throw error;
      return (await jwtVerify(token, foreign, { ...options, algorithms: foreignAlgorithms })).payload;
    }
  };

  const check = async (token: string): Promise<Verified> => {
    try {
      const identity = identityOf(await payloadOf(token));
      if (identity === null) return unauthenticated("the token has no valid sub and role");
      if (known.size >= REMEMBERED_TOKENS) known.delete(known.keys().next().value!);
      known.set(token, identity);
      return { is: "ok", identity };
    } catch (error) {
      return error instanceof errors.JWTExpired ? expired : unauthenticated("the token is not valid");
    }
  };

  return {
    verify(token) {
      const identity = known.get(token);
      if (identity === undefined) return check(token);
      if (identity.exp * 1_000 > wallMs()) return { is: "ok", identity };
      known.delete(token);
      return expired;
    },
    async sign(sub, role, ttlS) {
      const nowS = Math.floor(wallMs() / 1_000);
      return new SignJWT({ role })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(sub)
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + ttlS)
        .sign(await own);
    },
  };
};

export const unauthenticated = (message: string): Verified => ({
  is: "refused",
  refusal: refusal("unauthenticated", message),
});
const expired: Verified = {
  is: "refused",
  refusal: refusal("token_expired", "the token has expired"),
};

const roles: ReadonlySet<unknown> = new Set<Role>(["passenger", "driver", "admin", "service"]);

/** S1: who speaks is what the token says, and nothing else. */
const identityOf = ({ sub, exp, ...claims }: JWTPayload): Identity | null =>
  sub !== undefined && isId(sub) && exp !== undefined && roles.has(claims["role"])
    ? { sub, role: claims["role"] as Role, exp }
    : null;

const importSecret = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
