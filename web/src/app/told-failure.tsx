import { Alert } from "antd";
import { type Failure, failureText } from "./failure.ts";
import { useWords } from "./language.tsx";

/** Why the last thing was not done; nothing where it was. */
export const ToldFailure = ({ failure }: { readonly failure: Failure | undefined }) => {
  const { common } = useWords();
  return failure === undefined ? null : (
    <Alert type="error" showIcon role="alert" title={failureText(common, failure)} />
  );
};
