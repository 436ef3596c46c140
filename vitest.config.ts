import { defineConfig } from "vitest/config";

/** Tests that play whole runs: every scenario file and recording, hundreds of random schedules. Minutes, not seconds. */
const WHOLE_RUNS = [
  "test/scenarios.test.ts",
  "test/regressions.test.ts",
  "test/rules.test.ts",
  "test/properties/**/*.test.ts",
  "test/conformance/replay.test.ts",
  "test/engine/laws.test.ts",
  "test/kafka/**/random-faults.test.ts",
  "test/observers/lost.test.ts",
  "test/views/lesson.test.ts",
  "test/app/acts.test.ts",
  "test/cli/cli.test.ts",
];

/**
 * Three projects. `unit` and `runs` need nothing but Node and the sources; `browser` drives real browsers
 * against the built dist/ (run `npm run build` first).
 */
export default defineConfig({
  test: {
    projects: [
      {
        extends: "./vite.config.ts",
        test: {
          name: "unit",
          environment: "node",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: WHOLE_RUNS,
          // Hundreds of properties: a busy machine may need several times what a quiet one does.
          testTimeout: 60_000,
        },
      },
      {
        extends: "./vite.config.ts",
        test: { name: "runs", environment: "node", include: WHOLE_RUNS, testTimeout: 120_000 },
      },
      {
        extends: "./vite.config.ts",
        test: {
          name: "browser",
          environment: "node",
          include: ["test/browser/**/*.browser.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
