import { defineConfig } from "vitest/config";

// Real processes are started and ended here; a loaded machine takes its time.
export default defineConfig({ test: { testTimeout: 30_000 } });
