import { Alert, Button } from "antd";
import type { News } from "./drive-model.ts";
import { moneyText } from "../app/told.ts";
import { useLanguage } from "../app/language.tsx";

/** What came of the last order. */
export const NewsCard = ({ news, seen }: { readonly news: News; readonly seen: () => void }) => {
  const { language, words } = useLanguage();
  const { drive } = words;
  const next = <Button onClick={seen}>{drive.next}</Button>;
  switch (news.is) {
    case "completed":
      return (
        <Alert
          type="success"
          showIcon
          role="status"
          title={drive.done}
          description={news.order.fare && moneyText(language, news.order.fare)}
          action={next}
        />
      );
    case "lost":
      return (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={drive.lost}
          description={news.reason}
          action={next}
        />
      );
    case "offer-gone": {
      const title = news.reason === "expired" ? drive.offerGone.expired : drive.offerGone.other;
      return <Alert type="info" showIcon role="status" title={title} action={next} />;
    }
    default:
      return news satisfies never;
  }
};
