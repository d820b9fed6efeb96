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
    // No graphics card draws here: what moves on the page would cost the tests processor time, frame by frame.
    contextOptions: { reducedMotion: "reduce" },
    // A trace copies the document at each step of each test, a tenth of a run; `--trace retain-on-failure` asks for it.
    trace: "off",
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
