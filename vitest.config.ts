import { defineConfig } from "vitest/config";

// Two projects: `pure` needs no service and belongs to `npm run check`; `real` talks to
// Postgres, sockets and processes. `npm test` runs both.
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "pure",
          include: ["test/{machines,properties,pure}/**/*.test.ts", "test/*.test.ts"],
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
    ],
  },
});
