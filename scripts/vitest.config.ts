import { defineConfig } from "vitest/config";

// Real processes are started and ended here; a loaded machine takes its time.
export default defineConfig({
  test: { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 60_000 } } },
});
