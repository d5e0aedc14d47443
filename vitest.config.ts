import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{unit,golden,property,contract,integration,house}/**/*.test.ts"],
    pool: "threads",
    isolate: false,
    testTimeout: 30_000,
    setupFiles: ["test/setup.ts"],
  },
});
