/** What takes Enter itself, and what takes Escape. */
const TAKES_ENTER = "button, a, input, select, textarea, [role=radio]";
const TAKES_ESCAPE = "input, select, textarea";

/** B47, B133: what a key says to an offer; the control that has the focus keeps its own keys. */
export const answerBy = (
  { key, repeat }: { readonly key: string; readonly repeat: boolean },
  focused: { matches(selectors: string): boolean } | null,
): "accept" | "decline" | null => {
  if (repeat) return null;
  if (key === "Enter" && !focused?.matches(TAKES_ENTER)) return "accept";
  return key === "Escape" && !focused?.matches(TAKES_ESCAPE) ? "decline" : null;
};
