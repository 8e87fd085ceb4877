import { momentText, distanceText } from "../../app/told.ts";
import type { DriverWhy } from "../../../../src/protocol/driver-why-bodies.ts";
import { hashOf } from "../route.ts";
import { useLanguage } from "../../app/language.tsx";
import { useOperator } from "../operator.tsx";

/** What came of the offers of a day, and why they were or were not offered a trip, each time dispatch looked and saw them. */
export const DriverLooks = ({ why: { offers, looks } }: { readonly why: DriverWhy }) => {
  const { language, words } = useLanguage();
  const { market } = useOperator();
  const told = words.console.drivers;
  const asked = looks.filter(({ asked }) => asked).length;
  return (
    <section>
      <h2>{told.offers(offers)}</h2>
      <p className="quiet">{told.looks(asked, looks.length)}</p>
      <ul className="lines">
        {looks.map((look) => (
          <li key={`${look.trip_id} ${look.at}`}>
            <time className="quiet">{momentText(language, market, look.at)}</time>
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
