import { between, seeded } from "../../bench/city/random.ts";

/** What goes wrong, and when. Times are simulated milliseconds. */
export type Fault = { readonly at: number } & (
  | { readonly is: "crash"; readonly when: "now" | "commit" | number; readonly downMs: number }
  | { readonly is: "stall"; readonly forMs: number }
  | { readonly is: "wall clock"; readonly byMs: number }
  | { readonly is: "theft" }
  | { readonly is: "database gone"; readonly forMs: number; readonly crashed: boolean }
  | { readonly is: "database slow"; readonly forMs: number; readonly ms: number }
  | { readonly is: "appends fail"; readonly forMs: number; readonly share: number }
  | { readonly is: "append refused" }
  | {
      readonly is: "rows unreadable";
      readonly forMs: number;
      readonly which: number;
      readonly fromSeq: 1 | 2;
      readonly repairedAfterMs: number;
    }
  | { readonly is: "storm" }
  | { readonly is: "cut"; readonly who: string }
  | { readonly is: "half open"; readonly who: string; readonly forMs: number }
  | { readonly is: "no network"; readonly who: string; readonly forMs: number }
  | { readonly is: "lag"; readonly who: string; readonly forMs: number; readonly ms: number }
  | { readonly is: "does not read"; readonly who: string; readonly forMs: number }
  | { readonly is: "says all twice"; readonly who: string; readonly forMs: number }
);

/** How a passenger says it. Unheard: the first answer is lost on its way. */
export type Way = "socket" | "http" | "http unheard";

/** What somebody does of their own accord; the rest is their answer to what they hear. */
export type Act = { readonly at: number; readonly who: string } & (
  | { readonly does: "request"; readonly by: Way }
  | { readonly does: "cancel"; readonly by: Way }
  | { readonly does: "pause" }
  | { readonly does: "work" }
  | { readonly does: "leave" }
  | { readonly does: "restart the app" }
  | { readonly does: "drive over"; readonly lat: number; readonly lng: number }
  | { readonly does: "assign"; readonly which: number }
  | { readonly does: "end a trip"; readonly which: number }
);

/** Everything that a run rests on: the same story gives the same log and the same words to everybody. */
export interface Story {
  readonly seed: number;
  readonly markets: 1 | 2;
  readonly drivers: readonly string[];
  readonly passengers: readonly string[];
  readonly operators: readonly string[];
  readonly acts: readonly Act[];
  readonly faults: readonly Fault[];
  /** When nothing goes wrong any more and everybody does what they ought to. */
  readonly healAt: number;
}

export const CENTRE = { lat: 38.56, lng: 68.78 };
/** The second market, beyond the city's northern border. */
export const BORDER_LAT = 38.6;

const names = (role: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${role}${i + 1}`);

/** A fault of this kind, or just this one, at some time. */
export type Amid = Fault["is"] | Omit<Extract<Fault, { is: "crash" }>, "at">;

/** Draws a story. What one part draws never shifts what another one does. `amid`: faults it has beside its own. */
export const tellStory = (seed: number, amid: readonly Amid[] = []): Story => {
  const random = seeded(seed, "story");
  const upTo = (count: number): number => Math.floor(random() * count);
  const markets = random() < 0.3 ? 2 : 1;
  const drivers = names("driver", 2 + upTo(3));
  const passengers = names("passenger", 2 + upTo(3));
  const operators = names("admin", random() < 0.5 ? 1 : 0);
  const minutes = minutesAway(seed);
  const healAt = Math.round(between(random, 20_000, 50_000)) + minutes.length * MINUTE_MS;
  const story = { seed, markets, drivers, passengers, operators, healAt } as const;
  const faults = inOrder([...faultsOf(story, amid), ...minutes, ...damageOf(seed, healAt)]);
  return { ...story, acts: actsOf(story), faults };
};

export const MINUTE_MS = 60_000;
/** One story of ten is longer, and the database is gone for a whole minute of it. */
const minutesAway = (seed: number): Fault[] => {
  const random = seeded(seed, "minute");
  if (random() >= 0.1) return [];
  const at = Math.round(between(random, 5_000, 20_000));
  return [{ at, is: "database gone", forMs: MINUTE_MS, crashed: random() < 0.5 }];
};

/** In one story of ten rows of somebody cannot be read for a while, and the next server finds that out (E155). */
const damageOf = (seed: number, healAt: number): Fault[] => {
  const random = seeded(seed, "damage");
  if (random() >= DAMAGED) return [];
  const at = Math.round(between(random, 8_000, healAt - 8_000));
  return [
    { at, ...faultOf(random, "rows unreadable", "", healAt - at) },
    { at: at + 1, is: "crash", when: "now", downMs: 300 },
  ];
};
const DAMAGED = 0.1;

type Cast = Omit<Story, "acts" | "faults">;
const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const inOrder = <T extends { readonly at: number }>(all: T[]): T[] => all.toSorted((a, b) => a.at - b.at);

const actsOf = ({ seed, markets, drivers, passengers, operators, healAt }: Cast): Act[] => {
  const acts: Act[] = [];
  for (const who of passengers) {
    const random = seeded(seed, "acts", who);
    const by = (): Way => {
      const drawn = random();
      return drawn < 0.7 ? "socket" : drawn < 0.85 ? "http" : "http unheard";
    };
    for (let at = between(random, 1_500, 15_000); at < healAt; at += between(random, 4_000, 60_000)) {
      acts.push({ at: Math.round(at), who, does: "request", by: by() });
      if (random() < 0.25)
        acts.push({ at: Math.round(at + between(random, 10, 40_000)), who, does: "cancel", by: by() });
    }
  }
  for (const who of drivers) {
    const random = seeded(seed, "acts", who);
    for (let at = between(random, 0, 60_000); at < healAt; at += between(random, 10_000, 60_000)) {
      const does = pick(random, ["pause", "leave", "work", "work", "restart the app", "drive over"] as const);
      if (does !== "drive over") acts.push({ at: Math.round(at), who, does });
      else acts.push({ at: Math.round(at), who, does, ...somewhere(random, markets === 2) });
    }
  }
  for (const who of operators) {
    const random = seeded(seed, "acts", who);
    for (let at = between(random, 5_000, 30_000); at < healAt; at += between(random, 5_000, 40_000)) {
      const does = random() < 0.75 ? "assign" : "end a trip";
      acts.push({ at: Math.round(at), who, does, which: Math.floor(random() * 100) });
    }
  }
  return inOrder(acts.filter(({ at }) => at < healAt));
};

/** Near the centre, or beyond the border. */
export const somewhere = (random: () => number, abroad: boolean): { lat: number; lng: number } => ({
  lat: CENTRE.lat + between(random, -0.012, 0.012) + (abroad && random() < 0.5 ? 0.06 : 0),
  lng: CENTRE.lng + between(random, -0.012, 0.012),
});

const faultsOf = ({ seed, drivers, passengers, operators, healAt }: Cast, amid: readonly Amid[]): Fault[] => {
  const everybody = [...drivers, ...passengers, ...operators];
  const draw = (random: () => number, one: Amid): Fault => {
    const at = Math.round(between(random, 0, healAt));
    if (typeof one !== "string") return { at, ...one };
    return { at, ...faultOf(random, one, pick(random, everybody), healAt - at) };
  };
  const random = seeded(seed, "faults");
  const count = Math.floor(random() * random() * 14);
  return [
    ...Array.from({ length: count }, () => draw(random, pick(random, kinds))),
    ...amid.map((one, i) => draw(seeded(seed, "amid", i), one)),
  ];
};

const kinds = [
  ...(["crash", "crash", "crash", "stall", "wall clock", "theft", "database gone", "database slow"] as const),
  ...(["appends fail", "append refused", "storm", "cut", "cut", "half open", "no network", "lag"] as const),
  ...(["does not read", "says all twice"] as const),
];
const faultOf = (random: () => number, is: Fault["is"], who: string, leftMs: number) => {
  const forMs = (low: number, high: number): number =>
    Math.round(Math.min(leftMs, low * (high / low) ** random()));
  switch (is) {
    case "crash": {
      const when = pick(random, ["now", "commit", Math.floor(random() * 60)] as const);
      return { is, when, downMs: forMs(100, 30_000) };
    }
    case "stall":
      return { is, forMs: forMs(100, 10_000) };
    case "wall clock":
      return { is, byMs: random() < 0.5 ? 3_600_000 : -3_600_000 };
    case "database gone":
      return { is, forMs: forMs(200, 60_000), crashed: random() < 0.5 };
    case "database slow":
      return { is, forMs: forMs(1_000, 30_000), ms: forMs(50, 4_000) };
    case "appends fail":
      return { is, forMs: forMs(1_000, 20_000), share: between(random, 0.1, 0.9) };
    case "half open":
    case "no network":
      return { is, who, forMs: forMs(500, 60_000) };
    case "lag":
      return { is, who, forMs: forMs(1_000, 30_000), ms: forMs(100, 5_000) };
    case "does not read":
    case "says all twice":
      return { is, who, forMs: forMs(500, 20_000) };
    case "rows unreadable": {
      const which = Math.floor(random() * 100);
      const fromSeq = pick(random, [1, 2] as const);
      return { is, which, fromSeq, forMs: forMs(1_000, 20_000), repairedAfterMs: forMs(500, 30_000) };
    }
    case "cut":
      return { is, who };
    case "theft":
    case "append refused":
    case "storm":
      return { is };
    default:
      return is satisfies never;
  }
};
