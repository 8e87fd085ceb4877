import { Button } from "antd";
import { useWords } from "./language.tsx";

/** B127: all that a page has to say once the same person opened it elsewhere. */
export const Elsewhere = () => {
  const { phone } = useWords();
  return (
    <div className="phone-stack">
      <div role="status">
        <h1>{phone.openElsewhere}</h1>
      </div>
      <Button type="primary" size="large" onClick={() => location.reload()}>
        {phone.useHere}
      </Button>
    </div>
  );
};
