/** Somebody who is signed in here: the server knows people by their token alone. */
export interface Account {
  readonly id: string;
  readonly firstName: string;
  readonly token: string;
}
export type AccountRole = "passenger" | "driver";

const DAY_MS = 24 * 3_600_000;
/** B40: registration tokens live 30 days; the last week is for asking for a new one. */
const REFRESH_MS = 7 * DAY_MS;

/** Of a token's claims those that a page needs. Who somebody is only the server can check. */
export interface Claims {
  readonly sub: string;
  readonly role: string;
  /** Unix milliseconds. */
  readonly endsAt: number;
}

/** What a token says of itself; null for what is no token. */
export const claimsOf = (token: string): Claims | null => {
  try {
    const part = token.split(".")[1] ?? "";
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (one) =>
      one.charCodeAt(0),
    );
    const { sub, role, exp } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (typeof sub !== "string" || typeof role !== "string" || typeof exp !== "number") return null;
    return { sub, role, endsAt: exp * 1_000 };
  } catch {
    return null;
  }
};

/** What somebody pasted, where it is a token of this role. */
export const accountOf = (role: AccountRole, token: string): Account | null => {
  const claims = claimsOf(token.trim());
  if (claims === null || claims.role !== role) return null;
  return { id: claims.sub, firstName: "", token: token.trim() };
};

export const needsRefresh = ({ endsAt }: Claims, nowMs: number): boolean => endsAt - nowMs < REFRESH_MS;
