import { defineConfig } from "vitest/config";

// Limits that end what hangs: however slow the machine, nothing here comes near them.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000 } });
