import { Alert, Button } from "antd";
import type { Link } from "./link.ts";
import { useWords } from "./language.tsx";

/** Nothing while all is well. */
export const LinkBanner = ({ link }: { readonly link: Link }) => {
  const { common, phone } = useWords();
  if (link === "lost") return <Alert type="warning" showIcon title={common.reconnecting} />;
  if (link !== "replaced") return null;
  const here = <Button onClick={() => location.reload()}>{phone.useHere}</Button>;
  return <Alert type="info" showIcon title={phone.openElsewhere} action={here} />;
};
