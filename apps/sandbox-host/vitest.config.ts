import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    // Sandboxes are heavy; two test files with one each at the same time would measure the machine, not the host.
    fileParallelism: false,
    // Limits that end what hangs: however slow the machine, nothing here comes near them.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // What the jail must keep out of sight; see engines/local/escape-reach.ts.
    env: { THREADBOX_CANARY: "canary-of-the-host-environment" },
  },
});
