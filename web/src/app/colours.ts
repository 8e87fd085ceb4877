import { type ThemeConfig, theme } from "antd";

const light = {
  colorPrimary: "#0958d9",
  colorPrimaryHover: "#003eb3",
  colorError: "#cf1322",
  colorErrorHover: "#a8071a",
  colorLink: "#0958d9",
  colorTextPlaceholder: "#667085",
  colorTextDescription: "#667085",
};
const dark = {
  colorPrimary: "#1677ff",
  colorPrimaryHover: "#1554ad",
  colorError: "#ff7875",
  colorLink: "#69a3ff",
  colorTextPlaceholder: "#98a2b3",
  colorTextDescription: "#98a2b3",
};

/** Text on red, and on the ground while the mouse is over a button that is not filled. */
const darkButton = {
  dangerColor: "#1a0505",
  defaultHoverColor: "#69b1ff",
  defaultHoverBorderColor: "#69b1ff",
};

/** Who asked their system for less motion gets none. */
const still = matchMedia("(prefers-reduced-motion: reduce)").matches && { motion: false, motionUnit: 0 };

/** antd's colours, but what is written on and in them can be read: 4.5 to 1 (WCAG AA). */
export const colours = (isDark: boolean): ThemeConfig => ({
  algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
  token: { ...(isDark ? dark : light), opacityLoading: 0.9, ...still },
  ...(isDark && { components: { Button: darkButton } }),
});
