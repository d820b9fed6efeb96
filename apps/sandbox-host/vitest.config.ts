import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    // Sandboxes are heavy; two test files with one each at the same time would measure the machine, not the host.
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What the jail must keep out of sight; see engines/local/escape-reach.ts.
    env: { THREADBOX_CANARY: "canary-of-the-host-environment" },
  },
});
