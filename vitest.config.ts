import { defineConfig } from "vitest/config";

/**
 * Two projects. `unit` runs in Node and needs nothing but the sources; `browser` drives real browsers
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
          exclude: ["test/browser/**"],
          // Whole runs and hundreds of properties: a busy machine may need several times what a quiet one does.
          testTimeout: 60_000,
        },
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
