import "./phone.css";
import { type ReactNode, useEffect } from "react";
import { Choices } from "./choices.tsx";
import { Elsewhere } from "./elsewhere.tsx";
import type { Link } from "./link.ts";
import { LinkBanner } from "./link-banner.tsx";
import { MapOrWords } from "../map/map-or-words.tsx";
import type { PhoneMapProps } from "../map/phone-map.tsx";
import { lazily } from "./lazily.ts";
import { useWords } from "./language.tsx";
import { withWorker } from "../map/with-worker.ts";

const PhoneMap = lazily(() => withWorker(import("../map/phone-map.tsx")).then(({ PhoneMap }) => PhoneMap));

interface Props {
  readonly title: string;
  /** What the browser's tab says in its place. */
  readonly news?: string | undefined;
  readonly map: PhoneMapProps;
  /** Of who is signed in. */
  readonly link?: Link;
  /** Beside language and theme. */
  readonly corner?: ReactNode;
  readonly children: ReactNode;
}

/** A page for the hand: a map, and one sheet that says what is going on and what may be done. */
export const PhonePage = ({ title, news, map, link = "ready", corner, children }: Props) => {
  const { common } = useWords();
  const elsewhere = link === "replaced";
  useEffect(() => {
    document.title = `${news ?? title} · ${common.start}`;
  }, [title, news, common]);
  return (
    <div className="phone">
      <div className="phone-map">
        <MapOrWords>
          <PhoneMap {...map} {...(elsewhere && { tapped: () => {} })} />
        </MapOrWords>
      </div>
      <header className="phone-top">
        <div className="phone-bar">
          <a href="/" title={common.start}>
            {title}
          </a>
          {!elsewhere && corner}
        </div>
        <div className="phone-bar">
          <Choices />
        </div>
      </header>
      <div className="phone-banner" role="status">
        <LinkBanner link={link} />
      </div>
      <main className="phone-sheet">{elsewhere ? <Elsewhere /> : children}</main>
    </div>
  );
};
