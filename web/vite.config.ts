import { compress } from "./compress.ts";
import { defineConfig } from "vite";
import react from "@vitejs/plugin-react";

/** `npm run dev -w web` shows the pages as they are written; what they ask goes to a server on port 8000. */
const server = "http://127.0.0.1:8000";
const asked = [
  "/config.json",
  "/passengers",
  "/drivers",
  "/tokens",
  "/quotes",
  "/trips",
  "/v1",
  "/charts",
  "/events",
  "/quarantine",
  "/health",
  "/docs",
];

export default defineConfig({
  plugins: [react(), compress()],
  build: {
    target: "es2022",
    cssCodeSplit: false, // the code of a view is asked for again when the network failed, a lost style is not
    chunkSizeWarningLimit: 1_200, // the map, which comes only where one is shown
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: Object.fromEntries(
        ["index", "admin", "ride", "drive"].map((page) => [page, `${import.meta.dirname}/${page}.html`]),
      ),
    },
  },
  server: {
    proxy: Object.fromEntries([
      ...asked.map((path) => [path, server]),
      ["/ws", { target: server, ws: true }],
    ]),
  },
});
