/** Longer values are for `--json`. */
const LONGEST = 160;

/** A value in one line, without needless quotes; a moment is told by its distance from `at`, where that is not 0. */
export const valueText = (value: unknown, at: number): string => {
  const text = plain(value)
    .replaceAll(/"([A-Za-z_]\w*)":/g, "$1: ")
    .replaceAll(/,(?=[^ ])/g, ", ");
  const told = at === 0 ? text : text.replaceAll(/\b1\d{12}\b/g, (moment) => momentText(Number(moment), at));
  return told.length <= LONGEST ? told : `${told.slice(0, LONGEST - 1)}…`;
};

/** `0.4 s`, `12.0 s`, `3 m 07 s`, `2 h 05 m`. */
export const duration = (ms: number): string => {
  const s = Math.floor(ms / 1_000);
  if (s < 60) return `${(ms / 1_000).toFixed(1)} s`;
  const two = (value: number): string => String(value).padStart(2, "0");
  if (s < 3_600) return `${Math.floor(s / 60)} m ${two(s % 60)} s`;
  return `${Math.floor(s / 3_600)} h ${two(Math.floor(s / 60) % 60)} m`;
};

const momentText = (moment: number, at: number): string => {
  if (moment === at) return "now";
  return moment > at ? `in ${duration(moment - at)}` : `${duration(at - moment)} ago`;
};

const plain = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "none");
