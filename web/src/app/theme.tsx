import { type ReactNode, createContext, use, useEffect, useMemo, useState } from "react";
import { kept } from "./kept.ts";

interface Theme {
  readonly dark: boolean;
  toggle(): void;
}

const ThemeContext = createContext<Theme>({ dark: false, toggle: () => {} });
const chosen = kept<"dark" | "light">("dg.theme");
const system = matchMedia("(prefers-color-scheme: dark)");

/** Dark or light: as the reader chose, otherwise as their system says. */
export const useDark = (): Theme => use(ThemeContext);

export const ThemeProvider = ({ children }: { readonly children: ReactNode }) => {
  const [own, setOwn] = useState(chosen.read);
  const [dark, setDark] = useState(system.matches);
  useEffect(() => {
    const changed = () => setDark(system.matches);
    system.addEventListener("change", changed);
    changed(); // it may have changed since the first drawing
    return () => system.removeEventListener("change", changed);
  }, []);
  const now = own === null ? dark : own === "dark";
  useEffect(() => {
    document.documentElement.dataset["theme"] = now ? "dark" : "light";
  }, [now]);
  const theme = useMemo(
    () => ({
      dark: now,
      toggle() {
        const next = now ? "light" : "dark";
        chosen.write(next);
        setOwn(next);
      },
    }),
    [now],
  );
  return <ThemeContext value={theme}>{children}</ThemeContext>;
};
