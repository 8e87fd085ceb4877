/** Errors of a server that come from what it went through, and are none of its making. */
const troubles: ReadonlySet<string> = new Set([
  "append is tried again",
  "a request failed midway",
  "the log could not be held to the laws",
]);

/** Whatever it went through, such an error is a mistake in the code. */
const OURS = /\b(?:Type|Reference|Range)Error\b/;

/** What a server that has ended alarmed of its own making: lines of its log, without repeats of a message. */
export const alarmsIn = (said: string): readonly string[] => {
  const found = new Map<string, string>();
  for (const line of said.split("\n")) {
    const [, msg] = /^\{"level":(?:50|60),.*"msg":"((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
    if (msg === undefined || found.has(msg)) continue;
    if (!troubles.has(msg) || OURS.test(line)) found.set(msg, line);
  }
  return [...found.values()];
};
