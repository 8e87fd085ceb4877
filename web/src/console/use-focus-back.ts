import { useEffect, useMemo } from "react";

/** B138: when what was opened closes, the focus goes back to where it was before. */
export const useFocusBack = (open: boolean): void => {
  const before = useMemo(() => (open ? document.activeElement : null), [open]);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    },
    [before],
  );
};
