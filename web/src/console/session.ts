import { kept } from "../app/kept.ts";
import { tokenIn } from "./token-in.ts";

/** Why an operator has to sign in again. */
export type SignedOut = "expired" | "forbidden" | "refused";

const stored = kept<string>("dg.console.token");

/** The token of `/admin#TOKEN`, which then leaves the address bar and the history; else the one kept from before. */
export const takeToken = (): string | null => {
  const token = tokenIn(location.hash);
  if (token === null) return stored.read();
  history.replaceState(null, "", location.pathname);
  stored.write(token);
  return token;
};

export const keepToken = (token: string | null): void => stored.write(token);
