import { expect, test } from "vitest";
import { createDirectory } from "../../src/session/directory.ts";
import { tripId } from "../../src/domain/ids.ts";

test("M68: given a database that answers nothing, when ended trips are asked for without end, then most are refused at once, and all are answered once it is back", async () => {
  const waiting: (() => void)[] = [];
  const never = () => Promise.reject(new Error("not asked for here"));
  const directory = createDirectory([], {
    driverRecord: never,
    passengerRecord: never,
    trip: () => new Promise((resolve) => waiting.push(() => resolve(undefined))),
  });
  const answers = Array.from({ length: 5_000 }, (_, i) => directory.endedTrip(tripId(`t${i}`)));
  const settled = Promise.allSettled(answers);
  expect(waiting.length).toBe(1_000);
  for (const answer of waiting.splice(0)) answer();
  const refused = (await settled).filter(({ status }) => status === "rejected");
  expect(refused.length).toBe(4_000);

  const again = directory.endedTrip(tripId("t1"));
  waiting.pop()!();
  expect(await again).toBeUndefined();
});
