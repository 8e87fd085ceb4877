import { momentText, distanceText, minutesText } from "../../app/told.ts";
import { Button } from "antd";
import type { Why } from "../../../../src/protocol/story-bodies.ts";
import { gateWords } from "./gate-words.ts";
import { useDriverNames } from "./use-driver-names.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";
import { useState } from "react";

type Attempt = Why["attempts"][number];
type Candidate = Attempt["candidates"][number];

/** Why dispatch asked whom it asked, attempt by attempt. */
export const Decisions = ({ attempts }: { readonly attempts: readonly Attempt[] }) => {
  const { trips } = useLanguage().words.console;
  if (attempts.length === 0) return <p className="quiet">{trips.noDecisions}</p>;
  return (
    <ol className="attempts">
      {attempts.map((attempt) => (
        <li key={`${attempt.at} ${attempt.wave}`}>
          <AttemptLine attempt={attempt} />
          <Considered candidates={attempt.candidates} />
        </li>
      ))}
    </ol>
  );
};

const AttemptLine = ({ attempt }: { readonly attempt: Attempt }) => {
  const { language, words } = useLanguage();
  const { market } = useOperator();
  const { trips } = words.console;
  const asked = attempt.candidates.filter(({ asked }) => asked).length;
  const until = momentText(language, market, attempt.until);
  const parts = [
    trips.attempt(String(attempt.wave), distanceText(language, attempt.searched_m)),
    asked > 0 ? trips.attemptAsked(String(asked), String(attempt.size)) : trips.attemptNobody,
    ...(attempt.looks > 1 ? [trips.attemptLooks(String(attempt.looks), until)] : []),
  ];
  return (
    <p>
      <time className="quiet">{momentText(language, market, attempt.at)}</time> {parts.join(" · ")}
    </p>
  );
};

const SHOWN = 5;

/** Those who were asked first, then the nearest. */
const Considered = ({ candidates }: { readonly candidates: readonly Candidate[] }) => {
  const { language, words } = useLanguage();
  const { trips } = words.console;
  const [all, setAll] = useState(false);
  const sorted = candidates.toSorted(
    (a, b) => Number(b.asked) - Number(a.asked) || a.distance_m - b.distance_m,
  );
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  const nameOf = useDriverNames(shown.map(({ driver_id }) => driver_id));
  const told = ({ asked, eta_s, offer, reason, gates }: Candidate): string => {
    if (!asked) return gateWords(words.console, language, reason ?? "", gates);
    if (offer === null) return `${trips.asked(minutesText(language, eta_s))}, ${trips.notOffered}`;
    const outcome = offer.outcome === null ? trips.waiting : (trips.outcomes[offer.outcome] ?? offer.outcome);
    return `${trips.asked(minutesText(language, eta_s))}: ${outcome}${offer.reason === null ? "" : ` (${offer.reason})`}`;
  };
  return (
    <>
      <ul>
        {shown.map((one) => (
          <li key={one.driver_id} data-asked={one.asked}>
            <strong>{nameOf(one.driver_id)}</strong>{" "}
            <span className="quiet">{distanceText(language, one.distance_m)}</span> {told(one)}
          </li>
        ))}
      </ul>
      {sorted.length > shown.length && (
        <Button size="small" type="text" onClick={() => setAll(true)}>
          {trips.more(String(sorted.length - shown.length))}
        </Button>
      )}
    </>
  );
};
