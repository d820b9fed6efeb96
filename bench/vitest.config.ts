import { defineConfig } from "vitest/config";

// Some tests start a server of their own on loopback; a loaded machine takes its time.
export default defineConfig({ test: { testTimeout: 120_000 } });
