import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { once } from "node:events";
import { spawn } from "node:child_process";

/** The control: bare uWebSockets.js in a process of its own. */
export interface BareServer {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

/** `answer`: what it answers to each `POST /v1/match`. */
export const startBare = async (answer = ""): Promise<BareServer> => {
  const file = fileURLToPath(new URL("bare-server.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", file, answer], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  return { url: `http://127.0.0.1:${port}`, pid: child.pid!, stop: () => void child.kill() };
};
