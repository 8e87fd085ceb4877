import { Component, type ReactNode } from "react";
import { Button, Result } from "antd";
import { useWords } from "./language.tsx";

interface Props {
  readonly children: ReactNode;
}

/** A mistake of ours says so, instead of a white page. React knows error boundaries as classes only. */
export class CrashScreen extends Component<Props, { readonly error: Error | null }> {
  override state = { error: null };
  static getDerivedStateFromError = (error: Error) => ({ error });
  override render() {
    return this.state.error === null ? this.props.children : <Crashed error={this.state.error} />;
  }
}

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
