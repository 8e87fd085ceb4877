import { Alert } from "antd";
import type { Account, AccountRole } from "./token-claims.ts";
import { accountNow, keptAccount } from "./account.ts";
import { type ReactNode, useState } from "react";
import { useWords } from "./language.tsx";

interface Props {
  readonly role: AccountRole;
  readonly signUp: (signedIn: (account: Account) => void, notice: ReactNode) => ReactNode;
  readonly children: (account: Account, leave: (why: "own" | "refused") => void) => ReactNode;
}

/** The page of somebody who is signed in, or how to be that (S51). */
export const WithAccount = ({ role, signUp, children }: Props) => {
  const { phone } = useWords();
  const [account, setAccount] = useState(() => accountNow(role));
  const [refused, setRefused] = useState(false);
  const leave = (why: "own" | "refused") => {
    keptAccount(role).write(null);
    setRefused(why === "refused");
    setAccount(null);
  };
  if (account !== null) return children(account, leave);
  return signUp(
    setAccount,
    refused && <Alert type="warning" showIcon role="alert" title={phone.signedOut} />,
  );
};
