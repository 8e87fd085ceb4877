import { Button, Segmented } from "antd";
import { languages, languageNames } from "../words/words.ts";
import { useDark } from "./theme.tsx";
import { useLanguage } from "./language.tsx";

/** Language and theme, for the corner of every page. */
export const Choices = () => {
  const { dark, toggle } = useDark();
  const { language, words, speak } = useLanguage();
  return (
    <span style={{ display: "inline-flex", gap: 8, alignItems: "center" }}>
      <Segmented
        size="small"
        aria-label={words.common.language}
        value={language}
        options={languages.map((value) => ({ value, label: languageNames[value] }))}
        onChange={speak}
      />
      <Button size="small" type="text" aria-label={words.common.theme} onClick={toggle}>
        {dark ? "☾" : "☀"}
      </Button>
    </span>
  );
};
