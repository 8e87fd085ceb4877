import { type Earned, earnedToday } from "./today.ts";
import { recentTrips } from "../app/recent-trips.ts";
import { clockText, moneyText } from "../app/told.ts";
import { useEffect, useState } from "react";
import type { Fix } from "./drive-model.ts";
import type { openHttp } from "../../../src/client/http.ts";
import { marketNear } from "../app/market-near.ts";
import { useLanguage } from "../app/language.tsx";
import { useServerConfig } from "../app/server-config.tsx";

interface Props {
  readonly http: ReturnType<typeof openHttp>;
  readonly fix: Fix | null;
  /** Something else: there may be a new ride. */
  readonly fresh: unknown;
}

const SHOWN = 5;

/** Today's rides and earnings, by the clock of the market where the car is (B46). */
export const TodayCard = ({ http, fix, fresh }: Props) => {
  const { language, words } = useLanguage();
  const { drive } = words;
  const { markets } = useServerConfig();
  const market = marketNear(markets, fix);
  const [earned, setEarned] = useState<Earned | null>(null);
  useEffect(() => {
    let here = true;
    const now = Date.now();
    void recentTrips(http, now).then(
      (trips) => here && trips && setEarned(earnedToday(trips, market.time_zone, now)),
    );
    return () => void (here = false);
  }, [http, market.time_zone, fresh]);

  if (earned === null) return null;
  const { rides, sums } = earned;
  return (
    <section aria-label={drive.today} className="phone-stack phone-today" style={{ gap: 8 }}>
      <div className="phone-row">
        <h2>{drive.today}</h2>
        <strong data-testid="earned">
          {sums.map((sum) => moneyText(language, sum)).join(" + ")}
          {rides.length > 0 && <span className="phone-quiet"> · {drive.rides(rides.length)}</span>}
        </strong>
      </div>
      {rides.length === 0 ? (
        <p className="phone-quiet">{drive.noRides}</p>
      ) : (
        <dl className="phone-facts">
          {rides
            .slice(0, SHOWN)
            .map(({ trip_id, completed_at, fare }) => [
              <dt key={`${trip_id} at`}>{clockText(language, market, completed_at!)}</dt>,
              <dd key={trip_id}>{fare && moneyText(language, fare)}</dd>,
            ])}
        </dl>
      )}
    </section>
  );
};
