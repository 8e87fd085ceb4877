import { type ReactNode, StrictMode } from "react";
import { LanguageProvider, useLanguage } from "./language.tsx";
import { ThemeProvider, useDark } from "./theme.tsx";
import { App, ConfigProvider } from "antd";
import { CrashScreen } from "./crash-screen.tsx";
import { ServerConfigProvider } from "./server-config.tsx";
import { colours } from "./colours.ts";
import { createRoot } from "react-dom/client";
import enUS from "antd/locale/en_US";
import ruRU from "antd/locale/ru_RU";
import "./page.css";

const antdLocale = { en: enUS, ru: ruRU };

/** Puts a page into the document, with what every page has: language, theme, and what the server says of itself. */
export const mount = (page: ReactNode): void =>
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <LanguageProvider>
        <ThemeProvider>
          <Themed>
            <CrashScreen>
              <ServerConfigProvider>{page}</ServerConfigProvider>
            </CrashScreen>
          </Themed>
        </ThemeProvider>
      </LanguageProvider>
    </StrictMode>,
  );

const Themed = ({ children }: { readonly children: ReactNode }) => {
  const { dark } = useDark();
  const { language } = useLanguage();
  return (
    <ConfigProvider theme={{ ...colours(dark), cssVar: {} }} locale={antdLocale[language]}>
      <App>{children}</App>
    </ConfigProvider>
  );
};
