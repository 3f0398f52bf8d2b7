import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    allowOnly: false,
    // .ci/no-skips.mjs reads the report, and forbids what was skipped.
    reporters: process.env["CI"] === undefined ? ["default"] : ["default", "json"],
    outputFile: { json: "coverage/report.json" },
    coverage: { provider: "v8", include: ["src/**"], reporter: ["text-summary", "json-summary"] },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/package/**", "test/runtimes/**"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "package",
          environment: "node",
          include: ["test/package/**/*.test.ts"],
          globalSetup: ["test/support/build.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "types",
          include: [],
          typecheck: { enabled: true, only: true, include: ["test/types/**/*.test-d.ts"], tsconfig: "./tsconfig.test.json" },
        },
      },
    ],
  },
});
