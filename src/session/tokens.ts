import {
  type JWTPayload,
  type JWTVerifyGetKey,
  SignJWT,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
} from "jose";
import { type KeyObject, createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import { type Refusal, refusal } from "../domain/errors.ts";
import type { Identity } from "./desk.ts";
import { createRecent } from "../domain/recent.ts";
import { KeysUnavailable } from "./remote-keys.ts";
import type { Role } from "../domain/status.ts";
import { isId } from "../domain/ids.ts";

/** What a token proves, or why it proves nothing: `unauthenticated`, `token_expired`, `unavailable` (S41). */
export type Verified =
  | { readonly is: "ok"; readonly identity: Identity }
  | { readonly is: "refused"; readonly refusal: Refusal };

export interface Tokens {
  /** Our own tokens, and those seen before, are answered at once (P82, S3). */
  verify(token: string): Verified | Promise<Verified>;
  /** A new token of this server, signed with its secret. */
  sign(sub: string, role: Role, ttlS: number): Promise<string>;
}

export interface TokenKeys {
  /** HS256: this server's own tokens. */
  readonly secret: string;
  /** Finds the public key of a token made elsewhere (ES256, EdDSA, RS256). */
  readonly foreign?: JWTVerifyGetKey;
}

/** S3: a verified token is remembered by its exact text; so many at most. */
const REMEMBERED_TOKENS = 20_000;
const foreignAlgorithms: ReadonlySet<string> = new Set(["ES256", "EdDSA", "RS256"]);

/** `wallMs`: Unix milliseconds, the clock that tokens expire by. */
export const createTokens = ({ secret, foreign }: TokenKeys, wallMs: () => number): Tokens => {
  const known = createRecent<string, Identity>();
  const own = createSecretKey(secret, "utf8");

  const proven = (token: string, claims: JWTPayload, made?: { readonly foreign: true }): Verified => {
    const said = identityOf(claims);
    const identity = said && { ...said, ...made };
    if (identity === null) return unauthenticated("the token has no valid sub and role");
    const nowMs = wallMs();
    if (identity.exp * 1_000 <= nowMs) return expired;
    if (claims.nbf !== undefined && !(claims.nbf * 1_000 <= nowMs)) return notValid;
    if (known.fresh >= REMEMBERED_TOKENS / 2) known.turn();
    known.set(token, identity);
    return { is: "ok", identity };
  };

  const check = (token: string): Verified | Promise<Verified> => {
    try {
      // S2: the algorithm decides whose key is asked, so that a public key never checks an HS256 token.
      const { alg = "", crit } = decodeProtectedHeader(token);
      if (alg === "HS256") return !crit && isSigned(token, own) ? proven(token, decodeJwt(token)) : notValid;
      if (!foreign || !foreignAlgorithms.has(alg)) return notValid;
      return jwtVerify(token, foreign, { currentDate: new Date(wallMs()), algorithms: [alg] }).then(
        ({ payload }) => proven(token, payload, { foreign: true }),
        unproven,
      );
    } catch {
      return notValid; // no token at all
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
        .sign(own);
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
const notValid = unauthenticated("the token is not valid");
const notJudged: Verified = {
  is: "refused",
  refusal: refusal("unavailable", "the keys that tokens are checked with cannot be fetched; come back"),
};

const unproven = (error: unknown): Verified => {
  if (error instanceof KeysUnavailable) return notJudged;
  return error instanceof errors.JWTExpired ? expired : notValid;
};

const roles: ReadonlySet<unknown> = new Set<Role>(["passenger", "driver", "admin", "service"]);

/** S1: who speaks is what the token says, and nothing else. */
const identityOf = ({ sub, exp, ...claims }: JWTPayload): Identity | null =>
  typeof sub === "string" && isId(sub) && typeof exp === "number" && roles.has(claims["role"])
    ? { sub, role: claims["role"] as Role, exp }
    : null;

/** HS256 (RFC 7515, compact form), in the same turn of the event loop: an upgrade is waiting (P82). */
const isSigned = (token: string, key: KeyObject): boolean => {
  const end = token.lastIndexOf(".");
  const given = Buffer.from(token.slice(end + 1));
  const made = Buffer.from(createHmac("sha256", key).update(token.slice(0, end)).digest("base64url"));
  return given.length === made.length && timingSafeEqual(given, made);
};
