import { type ReactNode, createContext, use, useEffect, useMemo, useState } from "react";
import { type Language, type Words, languages, words } from "../words/words.ts";
import { kept } from "./kept.ts";

interface Spoken {
  readonly language: Language;
  readonly words: Words;
  speak(language: Language): void;
}

const chosen = kept<Language>("dg.language");
const preferred = (): Language =>
  languages.find((known) => navigator.languages.some((wanted) => wanted.startsWith(known))) ?? "en";
const LanguageContext = createContext<Spoken>({ language: "en", words: words.en, speak: () => {} });

export const useLanguage = (): Spoken => use(LanguageContext);
/** Every text that a page shows. */
export const useWords = (): Words => use(LanguageContext).words;

export const LanguageProvider = ({ children }: { readonly children: ReactNode }) => {
  const [language, setLanguage] = useState<Language>(() => chosen.read() ?? preferred());
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(
    () => ({
      language,
      words: words[language],
      speak(next: Language) {
        chosen.write(next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <LanguageContext value={spoken}>{children}</LanguageContext>;
};
