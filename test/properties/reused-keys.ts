import * as fc from "fast-check";
import { centre, openTown } from "../pure/session-town.ts";
import { expect } from "vitest";

const message = fc.record({
  type: fc.constant("driver_status"),
  id: fc.constantFrom("k1", "k2", "k3"),
  status: fc.constantFrom("available", "paused", "offline"),
});

/** A key stands for what it did first: the same again is told the same, anything else is refused, and neither is written. */
export const reusedKeys = fc.asyncProperty(
  fc.array(message, { minLength: 1, maxLength: 12 }),
  async (said) => {
    const town = await openTown();
    const driver = await town.connect("driver", "d1");
    await driver.say({ type: "driver_location", ...centre });
    /** By key, what it did; what changed nothing is not remembered. */
    const done = new Map<string, string>();
    for (const one of said) {
      const { rows } = town.tables;
      const before = rows.length;
      await driver.say(one);
      const answer = driver.heard.findLast(({ id }) => id === one.id);
      const first = done.get(one.id);
      if (first !== undefined) {
        expect(rows).toHaveLength(before);
        if (first === one.status) expect(answer).toMatchObject({ type: "ack" });
        else expect(answer).toMatchObject({ type: "error", error: { code: "key_reused" } });
      } else if (rows.length > before) done.set(one.id, one.status);
    }
  },
);
