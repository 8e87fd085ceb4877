import { useEffect, useState } from "react";
import type { Account } from "./token-claims.ts";
import type { Position } from "../../../src/domain/geo.ts";
import { useCentre } from "./use-centre.ts";

/** What an account does here, opened once and closed when the page or the account goes. `open` stays the same. */
export const useSession = <Session extends { close(): void }>(
  account: Account,
  open: (account: Account, startsAt: Position) => Session,
): Session | null => {
  const centre = useCentre();
  const [session, setSession] = useState<Session | null>(null);
  useEffect(() => {
    const opened = open(account, centre);
    setSession(opened);
    return () => opened.close();
  }, [account, centre, open]);
  return session;
};
