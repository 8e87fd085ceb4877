import { type Market, OperatorContext } from "./operator.tsx";
import type { View } from "./route.ts";
import { useRoute } from "./use-route.ts";
import { Suspense, useMemo, useState } from "react";
import { DetailDrawer } from "./detail-drawer.tsx";
import type { Operator } from "./open-operator.ts";
import { Rail } from "./rail.tsx";
import { Spin } from "antd";
import { TopBar } from "./top-bar.tsx";
import { kept } from "../app/kept.ts";
import { lazily } from "../app/lazily.ts";
import { useWords } from "../app/language.tsx";
import { useServerConfig } from "../app/server-config.tsx";

const shown = {
  map: lazily(() => import("./map/map-view.tsx").then(({ MapView }) => MapView)),
  trips: lazily(() => import("./trips/trips-view.tsx").then(({ TripsView }) => TripsView)),
  drivers: lazily(() => import("./drivers/drivers-view.tsx").then(({ DriversView }) => DriversView)),
  numbers: lazily(() => import("./numbers/numbers-view.tsx").then(({ NumbersView }) => NumbersView)),
  alarms: lazily(() => import("./alarms/alarms-view.tsx").then(({ AlarmsView }) => AlarmsView)),
  log: lazily(() => import("./log/log-view.tsx").then(({ LogView }) => LogView)),
} satisfies Record<View, unknown>;

const chosen = kept<string>("dg.console.market");

interface Props {
  readonly operator: Operator;
  readonly signOut: () => void;
}

/** Who is signed in sees a rail of views, a bar over all of them, one view, and over it what was opened. */
export const Desk = ({ operator, signOut }: Props) => {
  const { markets } = useServerConfig();
  const [market, setMarket] = useState<Market>(
    () => markets.find(({ id }) => id === chosen.read()) ?? markets[0]!,
  );
  const { view, detail } = useRoute();
  const { console: words } = useWords();
  const atDesk = useMemo(() => ({ ...operator, market }), [operator, market]);
  const choose = (market: Market) => {
    chosen.write(market.id);
    setMarket(market);
  };
  const Shown = shown[view];
  return (
    <OperatorContext value={atDesk}>
      <div className="desk">
        <TopBar choose={choose} signOut={signOut} />
        <Rail view={view} />
        <main className="view" tabIndex={0} aria-label={words.nav[view]}>
          <Suspense fallback={<Spin style={{ margin: 48 }} />}>
            <Shown />
          </Suspense>
        </main>
      </div>
      <DetailDrawer detail={detail} />
    </OperatorContext>
  );
};
