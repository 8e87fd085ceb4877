import { expect, test } from "vitest";
import type { Reply } from "../../src/client/connection.ts";
import { followOrders } from "../../src/client/order-feed.ts";

const refused = (code: "unavailable" | "busy" | "not_found"): Reply => ({
  is: "refused",
  id: "x",
  error: { code, message: "" },
});

/** A feed whose questions are answered so, one after the other, and whose "later" is when the test says so. */
const openFeed = (answers: Reply[]) => {
  const asked: (number | null)[] = [];
  const waiting: (() => void)[] = [];
  const feed = followOrders(
    (_, sinceSeq) => {
      asked.push(sinceSeq);
      return Promise.resolve(
        answers.shift() ?? { is: "ack", id: "x", orderId: null, seq: null, resent: false },
      );
    },
    () => {},
    (fn) => waiting.push(fn),
  );
  const wake = async (): Promise<void> => {
    for (const fn of waiting.splice(0)) fn();
    await new Promise(setImmediate);
  };
  return { feed, asked, wake };
};

test.each(["unavailable", "busy"] as const)(
  "B6: given a server that is %s for longer than a command is asked again, when an order is followed, then it is asked again a while later, until it is told",
  async (code) => {
    const { feed, asked, wake } = openFeed([refused(code), refused(code)]);
    await feed.follow("t1", 8);
    for (let i = 0; i < 5; i++) await wake();
    expect(asked).toEqual([8, 8, 8]);
  },
);

test("B6: given an order that is nobody's, or followed no more, then it is not asked again", async () => {
  const { feed, asked, wake } = openFeed([refused("not_found"), refused("unavailable")]);
  await feed.follow("t1", 8);
  await feed.follow("t2", 3);
  feed.unfollow("t2");
  await wake();
  expect(asked).toEqual([8, 3]);
});
