import { Button, Input, type InputRef, Popover } from "antd";
import type { Account, AccountRole } from "./token-claims.ts";
import { keptAccount } from "./account.ts";
import { useRef, useState } from "react";
import { useWords } from "./language.tsx";

interface Props {
  readonly role: AccountRole;
  /** Why they cannot leave now; null: they can. */
  readonly stays: string | null;
  readonly out: () => Promise<void> | void;
}

/** Who is signed in, and how to be that on another phone: there is no password, only the key. */
export const AccountCorner = ({ role, stays, out }: Props) => {
  const { phone } = useWords();
  const account = keptAccount(role).read();
  if (account === null) return null;
  const content = (
    <div className="phone-stack" style={{ width: 260 }}>
      <span>{phone.keyIsYou}</span>
      <Key account={account} />
      {stays === null ? <Leave out={out} /> : <span role="status">{stays}</span>}
    </div>
  );
  return (
    <Popover
      content={content}
      trigger="click"
      title={account.firstName}
      placement="bottomLeft"
      destroyOnHidden
    >
      <Button
        size="small"
        type="text"
        className="phone-name"
        aria-label={`${phone.account}: ${account.firstName}`}
      >
        {account.firstName === "" ? "•••" : account.firstName}
      </Button>
    </Popover>
  );
};

/** Copied by the button, or by hand: a page that came without TLS has no clipboard. */
const Key = ({ account: { token } }: { readonly account: Account }) => {
  const { phone } = useWords();
  const [copied, setCopied] = useState(false);
  const field = useRef<InputRef>(null);
  const copy = () => {
    field.current?.select();
    const clipboard: Clipboard | undefined = navigator.clipboard;
    clipboard?.writeText(token).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="phone-row">
      <Input ref={field} readOnly aria-label={phone.key} value={token} />
      <Button onClick={copy}>{copied ? phone.keyCopied : phone.copyKey}</Button>
    </div>
  );
};

/** B126: asks first, since the way back is the key alone. */
const Leave = ({ out }: Pick<Props, "out">) => {
  const { common, phone } = useWords();
  const [asked, setAsked] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const leave = async () => {
    setLeaving(true);
    await out();
    setLeaving(false);
  };
  if (!asked)
    return (
      <Button danger onClick={() => setAsked(true)}>
        {common.signOut}
      </Button>
    );
  return (
    <div className="phone-stack" role="group" aria-label={phone.leaveSure}>
      <strong>{phone.leaveSure}</strong>
      <div className="phone-row phone-two">
        <Button autoFocus disabled={leaving} onClick={() => setAsked(false)}>
          {phone.stay}
        </Button>
        <Button danger type="primary" loading={leaving} onClick={() => void leave()}>
          {phone.leave}
        </Button>
      </div>
    </div>
  );
};
