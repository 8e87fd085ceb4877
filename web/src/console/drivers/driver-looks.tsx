import { clockText, distanceText } from "../../app/told.ts";
import type { DriverWhy } from "../../../../src/protocol/driver-why-bodies.ts";
import { hashOf } from "../route.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";

/** Why they were or were not offered a trip, each time dispatch looked and saw them. */
export const DriverLooks = ({ looks }: { readonly looks: DriverWhy["looks"] }) => {
  const { language, words } = useLanguage();
  const { market } = useOperator();
  const told = words.console.drivers;
  const asked = looks.filter(({ asked }) => asked).length;
  return (
    <section>
      <h2>{told.looks(asked, looks.length)}</h2>
      <ul className="lines">
        {looks.map((look) => (
          <li key={`${look.trip_id} ${look.at}`}>
            <time className="quiet">{clockText(language, market, look.at)}</time>
            <a href={hashOf({ view: "drivers", detail: { kind: "trip", id: look.trip_id } })}>
              {distanceText(language, look.distance_m)}
            </a>
            <span className={look.asked ? "good" : undefined}>
              {look.reason === null ? told.asked : (told.reasons[look.reason] ?? look.text)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};
