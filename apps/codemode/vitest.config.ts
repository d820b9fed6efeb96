import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["machine/**/*.test.ts"],
    globalSetup: ["machine/built.testing.ts"],
    // Limits that end what hangs: however slow the machine, nothing here comes near them.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
