import { type ChildProcess, fork } from "node:child_process";
import { type Ending, unknownEnding } from "./ending.ts";
import { join } from "node:path";
import type { Story } from "./story.ts";

/**
 * A process of its own that plays stories, one after the other. One that dies or hangs over a story is a finding of
 * that story (E151), and the next one gets a new process.
 */
export interface Player {
  /** `patienceMs`: real time, until the process is taken for hanging. */
  play(story: Story, patienceMs?: number): Promise<Ending>;
  /** Of the process that plays now. */
  pid(): number;
  close(): void;
}

/** A story takes a twentieth of a second, and a thousand times longer on no machine that is only busy. */
const PATIENCE_MS = 60_000;

export const openPlayer = (): Player => {
  let child = startProcess();

  const play = (story: Story, patienceMs = PATIENCE_MS): Promise<Ending> =>
    new Promise((resolve) => {
      let over = false;
      const end = (ending: Ending): void => {
        over = true;
        clearTimeout(patience);
        child.removeAllListeners("message").removeAllListeners("exit");
        resolve(ending);
      };
      const lost = (how: string): void => {
        if (over) return;
        end(unknownEnding(`the process that played it ${how}`));
        child.kill("SIGKILL");
        child = startProcess();
      };
      const patience = setTimeout(() => lost(`had no end of it after ${patienceMs / 1_000} s`), patienceMs);
      child.once("message", end);
      child.once("exit", (code, signal) => lost(`ended with ${signal ?? code}`));
      child.send(story, (error) => void (error && lost("had ended before")));
    });

  return { play, pid: () => child.pid!, close: () => child.disconnect() };
};

const startProcess = (): ChildProcess =>
  fork(join(import.meta.dirname, "play-stories.ts"), {
    execArgv: ["--max-semi-space-size=32", "--import", "tsx"],
  });
