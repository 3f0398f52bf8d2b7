import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // A skipped, focused or empty test is a failure on a machine that has everything (.ci/run).
    allowOnly: false,
    coverage: { provider: "v8", include: ["src/**"], reporter: ["text-summary", "json-summary"] },
    projects: [
      { extends: true, test: { name: "node", environment: "node", include: ["test/**/*.test.ts"], testTimeout: 20_000 } },
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
