import { Button } from "antd";
import { useConsole, useOperator } from "./operator.tsx";
import { useEffect, useState } from "react";
import { Choices } from "../app/choices.tsx";
import type { Market } from "./operator.tsx";
import { clockText } from "../app/told.ts";
import { useLanguage } from "../app/language.tsx";
import { useServerConfig } from "../app/server-config.tsx";

interface Props {
  readonly choose: (market: Market) => void;
  readonly signOut: () => void;
}

export const TopBar = ({ choose, signOut }: Props) => {
  const { common, console: words } = useLanguage().words;
  const { markets } = useServerConfig();
  const { market } = useOperator();
  return (
    <header className="bar">
      <strong className="brand">{common.start}</strong>
      <select
        aria-label={words.market}
        value={market.id}
        onChange={({ target }) => choose(markets.find(({ id }) => id === target.value)!)}
      >
        {markets.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <Clock />
      <span style={{ flex: 1 }} />
      <Link />
      <Choices />
      <Button size="small" type="text" onClick={signOut}>
        {common.signOut}
      </Button>
    </header>
  );
};

/** What time it is where the market is. */
const Clock = () => {
  const { language } = useLanguage();
  const { market } = useOperator();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <time className="quiet">{`${clockText(language, market, now)} ${market.time_zone}`}</time>;
};

const Link = () => {
  const { common, console: words } = useLanguage().words;
  const link = useConsole(({ link }) => link);
  const text = { connecting: words.connecting, ready: words.live, lost: common.reconnecting }[link];
  return (
    <output className="link" data-link={link}>
      {text}
    </output>
  );
};
