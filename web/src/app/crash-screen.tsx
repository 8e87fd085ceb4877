import { Button, Result } from "antd";
import { Boundary } from "./boundary.tsx";
import type { ReactNode } from "react";
import { useWords } from "./language.tsx";

/** A mistake of ours says so, instead of a white page. */
export const CrashScreen = ({ children }: { readonly children: ReactNode }) => (
  <Boundary instead={(error) => <Crashed error={error} />}>{children}</Boundary>
);

const Crashed = ({ error }: { readonly error: Error }) => {
  const { common } = useWords();
  return (
    <Result
      status="error"
      title={common.crashed}
      subTitle={error.message}
      extra={<Button onClick={() => location.reload()}>{common.reload}</Button>}
    />
  );
};
