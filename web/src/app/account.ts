import { type Account, type AccountRole, claimsOf, needsRefresh } from "./token-claims.ts";
import { kept } from "./kept.ts";
import { openHttp } from "../../../src/client/http.ts";

const LOOK_AGAIN_MS = 3_600_000;

export const keptAccount = (role: AccountRole) => kept<Account>(`dg.${role}`);

/** Who is signed in. Whether their token has ended the server says: a phone's clock may be wrong (B125). */
export const accountNow = (role: AccountRole): Account | null => {
  const account = keptAccount(role).read();
  return account !== null && claimsOf(account.token) !== null ? account : null;
};

/** B40: asks for a new token before the old one ends, now and each hour. `token` gives the newest. */
export const keepSignedIn = (role: AccountRole, account: Account) => {
  let { token } = account;
  const http = openHttp({ url: location.origin, token: () => token });
  const look = async () => {
    const claims = claimsOf(token);
    if (claims === null || !needsRefresh(claims, Date.now())) return;
    const answer = await http.refreshToken();
    if (answer.is !== "ok" || stopped) return;
    token = answer.body.token;
    keptAccount(role).write({ ...account, token });
  };
  let stopped = false;
  const timer = setInterval(() => void look(), LOOK_AGAIN_MS);
  void look();
  return {
    token: () => token,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
};
