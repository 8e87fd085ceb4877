/** An impossible state. It ends one market's memory, which is rebuilt from the log, not the server. */
export class Impossible extends Error {
  override name = "Impossible";
}

/** States what must hold, with the rule it comes from; throws `Impossible` when it does not. */
export function assert(condition: unknown, rule: string): asserts condition {
  if (!condition) throw new Impossible(rule);
}
