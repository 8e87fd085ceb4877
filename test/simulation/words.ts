import type { Act, Fault, Story, Way } from "./story.ts";
import type { Finding } from "./ending.ts";

/** A story as somebody would tell it, line by line in the order of time, and what was found at its end. */
export const inWords = (story: Story, findings: readonly Finding[]): string => {
  const { seed, markets, drivers, passengers, operators, healAt } = story;
  const events = [
    ...story.acts.map((act) => ({ at: act.at, text: `${act.who} ${actInWords(act)}` })),
    ...story.faults.map((fault) => ({ at: fault.at, text: faultInWords(fault) })),
    { at: healAt, text: "everything heals, and everybody does what they ought to" },
  ].toSorted((a, b) => a.at - b.at);
  return [
    `seed ${seed}: ${markets === 1 ? "one market" : "two markets"}; ${[...drivers, ...passengers, ...operators].join(", ")}`,
    ...events.map(({ at, text }) => `${seconds(at).padStart(9)}  ${text}`),
    ...findings.map(({ law, what, at }) => `${seconds(at).padStart(9)}  BROKEN ${law}: ${what}`),
  ].join("\n");
};

/** The command that plays it again. */
export const replayCommand = (seed: number): string => `npm run simulate -- --from ${seed} --seeds 1`;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3)} s`;

const actInWords = (act: Act): string => {
  switch (act.does) {
    case "request":
      return `asks for a ride${wayInWords[act.by]}`;
    case "cancel":
      return `cancels${wayInWords[act.by]}`;
    case "pause":
      return "pauses";
    case "work":
      return "wants to work";
    case "leave":
      return "wants to go home";
    case "restart the app":
      return "starts the app anew";
    case "drive over":
      return `drives to ${act.lat.toFixed(3)}, ${act.lng.toFixed(3)} when free`;
    case "assign":
      return "gives an order to a driver";
    case "end a trip":
      return "cancels somebody's order";
    default:
      return act satisfies never;
  }
};

const wayInWords: Record<Way, string> = {
  socket: "",
  http: " by HTTP",
  "http unheard": " by HTTP, and the connection breaks before the first answer",
};

const faultInWords = (fault: Fault): string => {
  switch (fault.is) {
    case "crash": {
      const when = { now: "dies", commit: "dies between its next commit and the answer" };
      const dies = typeof fault.when === "number" ? `dies ${fault.when} steps later` : when[fault.when];
      return `THE SERVER ${dies}, and is started ${seconds(fault.downMs)} later`;
    }
    case "stall":
      return `THE SERVER stands still for ${seconds(fault.forMs)}`;
    case "wall clock":
      return `THE WALL CLOCK jumps ${fault.byMs > 0 ? "an hour ahead" : "an hour back"}`;
    case "theft":
      return "ANOTHER SERVER takes the markets";
    case "database gone":
      return `THE DATABASE is gone for ${seconds(fault.forMs)}${fault.crashed ? "; it crashed" : ""}`;
    case "database slow":
      return `THE DATABASE takes ${seconds(fault.ms)} longer, for ${seconds(fault.forMs)}`;
    case "appends fail":
      return `APPENDS fail, ${Math.round(fault.share * 100)} % of them, half of those once done, for ${seconds(fault.forMs)}`;
    case "append refused":
      return "THE DATABASE refuses the next command as data";
    case "rows unreadable":
      return `ROWS of somebody, all${fault.fromSeq === 1 ? "" : " but the first"}, cannot be read for ${seconds(fault.forMs)}, and an operator sees to it after ${seconds(fault.repairedAfterMs)}`;
    case "storm":
      return "EVERY CONNECTION breaks";
    case "cut":
      return `${fault.who}'s connection breaks`;
    case "half open":
      return `nothing gets through to or from ${fault.who} for ${seconds(fault.forMs)}, and nobody hears of it`;
    case "no network":
      return `${fault.who} has no network for ${seconds(fault.forMs)}`;
    case "lag":
      return `${fault.who}'s frames take ${seconds(fault.ms)} longer, for ${seconds(fault.forMs)}`;
    case "does not read":
      return `${fault.who} does not read for ${seconds(fault.forMs)}`;
    case "says all twice":
      return `${fault.who}'s app sends every frame twice for ${seconds(fault.forMs)}`;
    default:
      return fault satisfies never;
  }
};
