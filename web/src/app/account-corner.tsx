import { Button, Popover } from "antd";
import type { AccountRole } from "./token-claims.ts";
import { keptAccount } from "./account.ts";
import { useState } from "react";
import { useWords } from "./language.tsx";

/** Who is signed in, and how to be that on another phone: there is no password, only the key. */
export const AccountCorner = ({ role, out }: { readonly role: AccountRole; readonly out: () => void }) => {
  const { common, phone } = useWords();
  const [copied, setCopied] = useState(false);
  const account = keptAccount(role).read();
  if (account === null) return null;
  const copy = () =>
    navigator.clipboard.writeText(account.token).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  const content = (
    <div className="phone-stack" style={{ maxWidth: 260 }}>
      <span>{phone.keyIsYou}</span>
      <Button onClick={() => void copy()}>{copied ? phone.keyCopied : phone.copyKey}</Button>
      <Button danger onClick={out}>
        {common.signOut}
      </Button>
    </div>
  );
  return (
    <Popover content={content} trigger="click" title={account.firstName} placement="bottomLeft">
      <Button size="small" type="text" aria-label={`${phone.account}: ${account.firstName}`}>
        {account.firstName === "" ? "•••" : account.firstName}
      </Button>
    </Popover>
  );
};
