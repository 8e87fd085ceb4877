import { type Operator, openOperator } from "./open-operator.ts";
import { type SignedOut, keepToken, takeToken } from "./session.ts";
import { Suspense, useEffect, useState } from "react";
import "./console.css";
import { Desk } from "./desk.tsx";
import { lazily } from "../app/lazily.ts";

/** Most who come have a token: the form waits until it is needed. */
const SignIn = lazily(() => import("./sign-in.tsx").then(({ SignIn }) => SignIn));

/** The operators' console: a sign-in, and behind it the desk. */
export const Console = () => {
  const [token, setToken] = useState(takeToken);
  const [why, setWhy] = useState<SignedOut | null>(null);
  const [operator, setOperator] = useState<Operator | null>(null);

  useEffect(() => {
    const pasted = () => setToken(takeToken());
    addEventListener("hashchange", pasted);
    return () => removeEventListener("hashchange", pasted);
  }, []);

  useEffect(() => {
    if (token === null) return undefined;
    const opened = openOperator(token, (why) => signOut(why));
    setOperator(opened);
    return () => {
      opened.close();
      setOperator(null);
    };
  }, [token]);

  const signOut = (why: SignedOut | null) => {
    keepToken(null);
    setWhy(why);
    setToken(null);
  };
  const signIn = (token: string) => {
    keepToken(token);
    setWhy(null);
    setToken(token);
  };

  if (token === null)
    return (
      <Suspense>
        <SignIn why={why} signIn={signIn} />
      </Suspense>
    );
  return operator && <Desk operator={operator} signOut={() => signOut(null)} />;
};
