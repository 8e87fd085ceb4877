import { Alert, Button, Input } from "antd";
import { type Account, type AccountRole, accountOf } from "./token-claims.ts";
import { keptAccount } from "./account.ts";
import { type Failure, failureOf } from "./failure.ts";
import { type ReactNode, type SyntheticEvent, useState } from "react";
import type { Result } from "../../../src/client/http.ts";
import { ToldFailure } from "./told-failure.tsx";
import { useWords } from "./language.tsx";

interface Props {
  readonly role: AccountRole;
  readonly title: string;
  readonly text: string;
  readonly register: (person: {
    email: string;
    first_name: string;
  }) => Promise<Result<{ readonly id: string; readonly token: string }>>;
  readonly signedIn: (account: Account) => void;
  /** What else is asked. */
  readonly more?: ReactNode;
}

/** Who has never been here registers, who is registered pastes their key: the server knows no password (S51). */
export const SignUp = ({ role, title, text, register, signedIn, more }: Props) => {
  const { phone } = useWords();
  const [email, setEmail] = useState("");
  const [firstName, setFirstName] = useState("");
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [withKey, setWithKey] = useState(false);

  const enter = (account: Account) => {
    keptAccount(role).write(account);
    signedIn(account);
  };
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setAsking(true);
    const answer = await register({ email: email.trim(), first_name: firstName.trim() });
    setAsking(false);
    if (answer.is === "ok") enter({ ...answer.body, firstName: firstName.trim() });
    else setFailure(failureOf(answer));
  };

  if (withKey) return <WithKey role={role} entered={enter} back={() => setWithKey(false)} />;
  const taken = failure?.code === "already_exists";
  return (
    <form className="phone-stack" onSubmit={(event) => void submit(event)}>
      <h1>{title}</h1>
      <p className="phone-quiet">{text}</p>
      <label>
        {phone.email}
        <Input
          type="email"
          required
          autoComplete="email"
          size="large"
          value={email}
          onChange={({ target }) => setEmail(target.value)}
        />
      </label>
      <label>
        {phone.firstName}
        <Input
          required
          maxLength={100}
          autoComplete="given-name"
          size="large"
          value={firstName}
          onChange={({ target }) => setFirstName(target.value)}
        />
      </label>
      {more}
      {taken ? (
        <Alert type="info" showIcon role="alert" title={phone.taken} description={phone.takenThen} />
      ) : (
        <ToldFailure failure={failure} />
      )}
      <Button type="primary" size="large" htmlType="submit" loading={asking}>
        {phone.register}
      </Button>
      <Button type="text" onClick={() => setWithKey(true)}>
        {phone.haveKey}
      </Button>
    </form>
  );
};

const WithKey = ({
  role,
  entered,
  back,
}: {
  readonly role: AccountRole;
  readonly entered: (account: Account) => void;
  readonly back: () => void;
}) => {
  const { phone } = useWords();
  const [token, setToken] = useState("");
  const [wrong, setWrong] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const account = accountOf(role, token);
    if (account === null) setWrong(true);
    else entered(account);
  };
  return (
    <form className="phone-stack" onSubmit={submit}>
      <h1>{phone.haveKey}</h1>
      <label>
        {phone.key}
        <Input.TextArea
          required
          rows={4}
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={({ target }) => setToken(target.value)}
        />
      </label>
      {wrong && <Alert type="error" showIcon role="alert" title={phone.keyWrong} />}
      <Button type="primary" size="large" htmlType="submit">
        {phone.signIn}
      </Button>
      <Button type="text" onClick={back}>
        {phone.back}
      </Button>
    </form>
  );
};
