import { driverOf, eventWords } from "./event-words.ts";
import { useEffect, useRef } from "react";
import type { TripEvent } from "./replay.ts";
import { momentText } from "../../app/told.ts";
import { useDriverNames } from "./use-driver-names.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";

interface Props {
  readonly events: readonly TripEvent[];
  /** The event that happened last at the moment shown. */
  readonly index: number;
  readonly go: (index: number) => void;
}

/** What happened to a trip, in words; a click goes to that moment. What an operator did stands out. */
export const Timeline = ({ events, index, go }: Props) => {
  const { language, words } = useLanguage();
  const { market } = useOperator();
  const { trips } = words.console;
  const drivers = events.map((_, i) => driverOf(events, i));
  const nameOf = useDriverNames(drivers.filter((id) => id !== null));
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // Only inside its own box: the page stays where the reader has it.
    const item = list.current?.children[index] as HTMLElement | undefined;
    const box = list.current;
    if (item && box) box.scrollTop = item.offsetTop - box.offsetTop - box.clientHeight / 2;
  }, [index]);
  return (
    <ol className="timeline" ref={list} aria-label={trips.timeline} tabIndex={0}>
      {events.map((event, i) => (
        <li
          key={event.seq}
          data-by={event.by}
          data-type={event.type}
          data-later={i > index}
          aria-current={i === index ? "step" : undefined}
        >
          <button type="button" onClick={() => go(i)}>
            <time className="quiet">{momentText(language, market, event.at)}</time>
            <span>{eventWords(words.console, language, event, nameOf(drivers[i] ?? ""))}</span>
          </button>
          <details>
            <summary>{trips.changes}</summary>
            <dl>
              <dt>{`${event.seq} · ${event.type}`}</dt>
              <dd>
                {`${trips.by[event.by] ?? event.by}${
                  event.caused_by === null ? "" : `, ${trips.causedBy(String(event.caused_by))}`
                }`}
              </dd>
              <dd>{`${event.from === null ? "" : `${trips.states[event.from] ?? event.from} → `}${trips.states[event.to] ?? event.to}`}</dd>
              {Object.entries(event.changes).map(([field, value]) => (
                <dd key={field}>
                  <code>{`${field} = ${JSON.stringify(value)}`}</code>
                </dd>
              ))}
            </dl>
          </details>
        </li>
      ))}
    </ol>
  );
};
