import { type Failure, failureOf } from "../../app/failure.ts";
import { App } from "antd";
import type { Result } from "../../../../src/client/http.ts";
import { useState } from "react";

/** Asks the server for something once: busy until it answers, why it was refused, and a word when it was done. */
export const useAsked = (said: string, done: () => void) => {
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const ask = async (asked: Promise<Result<unknown>>): Promise<boolean> => {
    setBusy(true);
    const result = await asked;
    setBusy(false);
    setFailure(failureOf(result));
    if (result.is !== "ok") return false;
    void message.success(said);
    done();
    return true;
  };
  return { busy, failure, ask };
};
