import { Component, type ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
  /** What is shown where the children cannot be. */
  readonly instead: (error: Error) => ReactNode;
}

/** Keeps a mistake to the part of a page that made it. React knows error boundaries as classes only. */
export class Boundary extends Component<Props, { readonly error: Error | null }> {
  override state = { error: null };
  static getDerivedStateFromError = (error: Error) => ({ error });
  override render() {
    const { children, instead } = this.props;
    return this.state.error === null ? children : instead(this.state.error);
  }
}
