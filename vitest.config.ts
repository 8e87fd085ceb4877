import { defineConfig } from "vitest/config";

// `pure` needs no service and belongs to `npm run check`; `real` talks to Postgres, sockets and processes; `simulation`
// plays as many stories as fit in a minute; `web` looks at the pages in Chromium. `npm test` runs them all.
export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "pure",
          include: ["test/{machines,properties,pure}/**/*.test.ts", "test/*.test.ts"],
          testTimeout: 30_000, // no test is about time, and machines may be busy
        },
      },
      {
        test: {
          name: "real",
          include: ["test/{log,market,contract,e2e}/**/*.test.ts"],
          globalSetup: ["test/fixtures/postgres.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "simulation",
          include: ["test/simulation/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "web",
          include: ["test/web/**/*.test.ts"],
          globalSetup: ["test/fixtures/postgres.ts", "test/fixtures/web-pages.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
