import type { Ask } from "./simulated-call.ts";
import type { HttpReply } from "../../src/socket/port.ts";
import type { Item } from "../../src/protocol/quarantine-bodies.ts";
import type { Phone } from "./network.ts";
import type { Schedule } from "./schedule.ts";

/** They have a phone that nothing happens to. */
export const REPAIRER = "admin0";

const LOOK_MS = 2_000;

/** An operator who from now on sees to quarantine: takes back whatever can be, and releases the rest. */
export const startRepairer = ({ call }: Phone, schedule: Schedule): void => {
  const repair = async ({ kind, id }: Item): Promise<void> => {
    const by = (how: "retry" | "release", reason: string): Promise<HttpReply | null> =>
      call({ method: "POST", path: `/quarantine/${kind}/${id}/${how}`, body: { reason } } satisfies Ask);
    const retried = await by("retry", "its rows can be read again");
    if (retried?.status === 409) await by("release", "it cannot go on");
  };
  const look = async (): Promise<void> => {
    const listed = await call({ method: "GET", path: "/quarantine" });
    if (listed?.status === 200)
      for (const one of (JSON.parse(String(listed.body)) as { items: Item[] }).items) await repair(one);
    schedule.after(LOOK_MS, () => void look());
  };
  void look();
};
