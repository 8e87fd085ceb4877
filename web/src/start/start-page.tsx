import "./start.css";
import { type Health, useHealth } from "./use-health.ts";
import { Choices } from "../app/choices.tsx";
import { useLanguage } from "../app/language.tsx";
import { useEffect, useState } from "react";
import { useServerConfig } from "../app/server-config.tsx";

const pages = ["ride", "drive", "admin", "docs"] as const;

/** What runs here, and where to go. */
export const StartPage = () => {
  const { start } = useLanguage().words;
  const { markets } = useServerConfig();
  const health = useHealth();
  return (
    <div className="start">
      <header>
        <Choices />
      </header>
      <main>
        <Hero />
        <h1>{start.title}</h1>
        <p className="start-what">{start.what}</p>
        <p>{start.how}</p>
        <HealthLine health={health} />
        <nav aria-label={start.title}>
          {pages.map((page) => (
            <a key={page} href={`/${page}`} className={`start-card start-${page}`}>
              <h2>{start.pages[page].title}</h2>
              <span>{start.pages[page].text}</span>
            </a>
          ))}
        </nav>
        <p className="start-quiet">{start.try}</p>
        <section aria-label={start.markets}>
          <h2>{start.markets}</h2>
          <ul>
            {markets.map((market) => (
              <li key={market.id}>
                <strong>{market.name}</strong>
                <span>{market.currency}</span>
                <Clock timeZone={market.time_zone} />
              </li>
            ))}
          </ul>
        </section>
      </main>
    </div>
  );
};

const HealthLine = ({ health }: { readonly health: Health }) => {
  const { start } = useLanguage().words;
  const text = health.is === "asking" ? start.asking : health.is === "ready" ? start.serving : start.notReady;
  const more =
    health.is === "ready" ? start.transport(health.transport) : health.is === "not-ready" ? health.why : "";
  return (
    <p className="start-health" role="status" data-health={health.is}>
      <span className="start-light" aria-hidden="true" />
      <strong>{text}</strong> <span className="start-quiet">{more}</span>
    </p>
  );
};

/** What a clock on the market's wall says. */
const Clock = ({ timeZone }: { readonly timeZone: string }) => {
  const { language } = useLanguage();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return <time>{new Intl.DateTimeFormat(language, { timeZone, timeStyle: "short" }).format(now)}</time>;
};

/** A trip in three states, as its statechart has them. */
const Hero = () => (
  <svg className="start-hero" viewBox="0 0 320 72" aria-hidden="true">
    <path d="M36 36H284" />
    <circle className="done" cx="36" cy="36" r="11" />
    <circle className="done" cx="118" cy="36" r="11" />
    <circle className="now" cx="202" cy="36" r="16" />
    <circle className="now-core" cx="202" cy="36" r="7" />
    <circle className="next" cx="284" cy="36" r="11" />
  </svg>
);
