import { defineConfig } from "@playwright/test";
import { main } from "./support/addresses.ts";

export default defineConfig({
  testDir: ".",
  testMatch: ["journeys/**/*.spec.ts", "security/**/*.spec.ts"],
  // One stack, two cores, four OpenCode servers: the journeys take turns.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  // Limits that end what hangs. No test may come near them, however slow the machine: they are not what is tested.
  timeout: 600_000,
  expect: { timeout: 120_000, toPass: { timeout: 120_000 } },
  globalSetup: "./support/global-setup.ts",
  outputDir: "test-results",
  use: {
    baseURL: main.appOrigin,
    // Filming every frame is dear where one processor draws the page: what the document was is in the trace as well.
    trace: { mode: "retain-on-failure", screenshots: false, sources: false },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Chromium asks a server of its maker how to fill in the forms of each page; nobody is asked here.
        "--autofill-server-url=http://localhost:9",
      ],
    },
  },
});
