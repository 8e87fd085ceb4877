import { Laws } from "./laws.tsx";
import { Quarantine } from "./quarantine.tsx";
import { TripAlarms } from "./trip-alarms.tsx";
import { useWords } from "../../app/language.tsx";

/** What a person should look at: trips that go wrong, and actors that the server gave up on. */
export const AlarmsView = () => {
  const { console: words } = useWords();
  return (
    <div className="page">
      <h1>{words.nav.alarms}</h1>
      <Laws />
      <TripAlarms />
      <Quarantine />
    </div>
  );
};
