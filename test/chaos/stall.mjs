import { readFileSync, writeFileSync } from "node:fs";

// Loaded before the server (`node --import`): SIGUSR2 holds its event loop for as many milliseconds as the
// file says, and empties it. A SIGSTOP would stop the garbage collector, the network threads and the clock's reader too.
process.on("SIGUSR2", () => {
  const file = process.env["CHAOS_STALL_FILE"];
  const untilMs = performance.now() + Number(readFileSync(file, "utf8"));
  writeFileSync(file, "");
  while (performance.now() < untilMs);
});
