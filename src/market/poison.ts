const { now } = Date;
const { random } = Math;

const poison = (): never => {
  throw new Error("E3: a statechart asked for the clock or for chance; both must come on the event");
};

/** Runs `fn` with clock and chance taken away: what a chart decides must follow from its input alone (E3). */
export const withoutClockOrChance = <T>(fn: () => T): T => {
  Date.now = poison;
  Math.random = poison;
  try {
    return fn();
  } finally {
    Date.now = now;
    Math.random = random;
  }
};
