import "./phone.css";
import { type ReactNode, Suspense, lazy, useEffect } from "react";
import { Choices } from "./choices.tsx";
import type { PhoneMapProps } from "../map/phone-map.tsx";
import { useWords } from "./language.tsx";

const PhoneMap = lazy(() => import("../map/phone-map.tsx").then(({ PhoneMap }) => ({ default: PhoneMap })));

interface Props {
  readonly title: string;
  readonly map: PhoneMapProps;
  /** What is said over everything: a lost network. */
  readonly banner?: ReactNode;
  /** Beside language and theme. */
  readonly corner?: ReactNode;
  readonly children: ReactNode;
}

/** A page for the hand: a map, and one sheet that says what is going on and what may be done. */
export const PhonePage = ({ title, map, banner, corner, children }: Props) => {
  const { common } = useWords();
  useEffect(() => {
    document.title = `${title} · ${common.start}`;
  }, [title, common]);
  return (
    <div className="phone">
      <div className="phone-map">
        <Suspense>
          <PhoneMap {...map} />
        </Suspense>
      </div>
      <header className="phone-top">
        <div className="phone-bar">
          <a href="/" title={common.start}>
            {title}
          </a>
          {corner}
        </div>
        <div className="phone-bar">
          <Choices />
        </div>
      </header>
      <div className="phone-banner" role="status">
        {banner}
      </div>
      <main className="phone-sheet">{children}</main>
    </div>
  );
};
