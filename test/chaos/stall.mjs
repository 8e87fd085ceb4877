import { readFileSync } from "node:fs";

// Loaded before the server (`node --import`): SIGUSR2 holds its event loop for as many milliseconds as the
// file says. A SIGSTOP would stop the garbage collector, the network threads and the clock's reader too.
process.on("SIGUSR2", () => {
  const untilMs = performance.now() + Number(readFileSync(process.env["CHAOS_STALL_FILE"], "utf8"));
  while (performance.now() < untilMs);
});
