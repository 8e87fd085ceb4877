import { Alert } from "antd";
import type { Link } from "./link.ts";
import { useWords } from "./language.tsx";

/** Nothing while all is well. */
export const LinkBanner = ({ link }: { readonly link: Link }) => {
  const { common } = useWords();
  return link === "lost" && <Alert type="warning" showIcon title={common.reconnecting} />;
};
