import { tmpdir } from "node:os";
import { join } from "node:path";

/** One installation of the product: its ports, its state folder, and where its parts are found. */
export interface Installation {
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly appOrigin: string;
  readonly workerUrl: string;
  readonly convexUrl: string;
  readonly authUrl: string;
}

/** Two runs on one machine need ports, and with them state folders, of their own: `E2E_FIRST_PORT` moves all. */
const firstPort = Number(process.env.E2E_FIRST_PORT ?? "23000");

const installation = (firstPort: number, extra: Readonly<Record<string, string>> = {}): Installation => {
  const [web, worker, convex, auth, sandboxHost] = [0, 1, 2, 3, 4].map((offset) => String(firstPort + offset));
  const home = join(tmpdir(), `threadbox-e2e-${firstPort}`);
  return {
    env: {
      PORT: `${web}`,
      WORKER_PORT: `${worker}`,
      CONVEX_PORT: `${convex}`,
      AUTH_PORT: `${auth}`,
      SANDBOX_HOST_PORT: `${sandboxHost}`,
      THREADBOX_HOME: home,
      ...extra,
    },
    home,
    appOrigin: `http://threadbox.localhost:${web}`,
    workerUrl: `http://localhost:${worker}`,
    convexUrl: `http://localhost:${convex}`,
    authUrl: `http://localhost:${auth}`,
  };
};

/**
 * The installation of the journeys: beside one that a person runs with the default ports. Few sandboxes run at once, so
 * that threads take turns with their places as they do on a small machine.
 */
export const main = installation(firstPort, { SANDBOX_RUNNING_MAX: "3" });

/** A second one, side by side with the first, whose model is an endpoint of the test's own. */
export const modelPort = firstPort + 110;
export const modelKeyCanary = "sk-canary-0d9f6c1be27a4f53a8e4917b6d2c5a10";
export const withModel = installation(firstPort + 100, {
  MODEL_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
  MODEL_NAME: "stub-1",
  MODEL_API_KEY: modelKeyCanary,
  SANDBOX_RUNNING_MAX: "2",
});
