import { tmpdir } from "node:os";
import { join } from "node:path";

/** One installation of the product: its ports, its state folder, and where its parts are found. */
export interface Installation {
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly home: string;
  readonly appOrigin: string;
  readonly workerUrl: string;
  readonly convexUrl: string;
  readonly authUrl: string;
}

/**
 * Two runs on one machine need ports, and with them state folders, of their own: `E2E_FIRST_PORT` moves all. A run uses
 * those up to 120 above it.
 */
const decodeFirstPort = (text: string): number => {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_000) return port;
  throw new Error(`E2E_FIRST_PORT is ${JSON.stringify(text)}, not a port from 1024 to 65000.`);
};
const firstPort = decodeFirstPort(process.env.E2E_FIRST_PORT || "23000");

/** Held by a run for as long as it lives, so that a second one on the same ports and folders is turned away. */
export const runPort = firstPort + 9;

const installation = (firstPort: number, extra: Readonly<Record<string, string>> = {}): Installation => {
  const ports = [0, 1, 2, 3, 4, 5, 20].map((offset) => firstPort + offset);
  const [web, worker, convex, auth, sandboxHost, codemode, codemodeWatchdog] = ports;
  const home = join(tmpdir(), `threadbox-e2e-${firstPort}`);
  return {
    env: {
      PORT: `${web}`,
      WORKER_PORT: `${worker}`,
      CONVEX_PORT: `${convex}`,
      AUTH_PORT: `${auth}`,
      SANDBOX_HOST_PORT: `${sandboxHost}`,
      CODEMODE_PORT: `${codemode}`,
      CODEMODE_WATCHDOG_PORT: `${codemodeWatchdog}`,
      THREADBOX_HOME: home,
      // Whatever is started beforehand takes the processor from what is tested.
      SANDBOX_WARM: "0",
      ...extra,
    },
    ports,
    home,
    appOrigin: `http://threadbox.localhost:${web}`,
    workerUrl: `http://localhost:${worker}`,
    convexUrl: `http://localhost:${convex}`,
    authUrl: `http://localhost:${auth}`,
  };
};

/** Where a double of OpenAI may stand, for ChatGPT logins. */
export const openAiPort = firstPort + 8;
const openAiUrl = `http://127.0.0.1:${openAiPort}`;

/** Where doubles of OpenAI's API, of Anthropic's and of an OpenAI-compatible one may stand, for users' own keys. */
export const openAiApiPort = firstPort + 12;
export const anthropicPort = firstPort + 10;
export const compatible = { port: firstPort + 11, url: `http://127.0.0.1:${firstPort + 11}/v1` } as const;

/** Where a test may stand for a host on the internet. */
export const upstream = { host: "upstream.example", port: firstPort + 7 } as const;

/** What another program shows to the first installation. */
export const apiToken = "api-token-of-the-journeys-5d1f0a7c93e2";
/** A service with TLS that checks keys: where it may stand, and the certificate that the first installation trusts it by. */
export const keyService = {
  host: "keys.example",
  port: firstPort + 6,
  certificate: join(tmpdir(), `threadbox-e2e-${firstPort}.pem`),
  key: join(tmpdir(), `threadbox-e2e-${firstPort}.key`),
} as const;

/**
 * The installation of the journeys: beside one that a person runs with the default ports. Few sandboxes run at once, so
 * that threads take turns with their places as they do on a small machine.
 */
export const main = installation(firstPort, {
  SANDBOX_RUNNING_MAX: "3",
  OPENAI_ISSUER_URL: openAiUrl,
  CODEX_URL: openAiUrl,
  OPENAI_API_URL: `http://127.0.0.1:${openAiApiPort}/v1`,
  ANTHROPIC_API_URL: `http://127.0.0.1:${anthropicPort}/v1`,
  MODEL_KEY_HOSTS: `127.0.0.1:${compatible.port}`,
  AGENTPOD_API_TOKEN: apiToken,
  NODE_EXTRA_CA_CERTS: keyService.certificate,
  EGRESS_ADDRESSES: [upstream, keyService].map(({ host, port }) => `${host}=127.0.0.1:${port}`).join(","),
});

/** One whose sandboxes nap after seconds; the journey that needs it starts it. */
export const napping = installation(firstPort + 40, { SANDBOX_NAP_SECONDS: "4" });

/** One with room for a single small sandbox at a time; the journey that needs it starts it. */
export const crowded = installation(firstPort + 46, { SANDBOX_RUNNING_MAX: "1", SANDBOX_DISK_MIB: "256" });

/** One that runs sandboxes as containers too, where the machine has an engine; the journey that needs it starts it. */
export const withDocker = installation(firstPort + 70, { SANDBOX_RUNNING_MAX: "2" });

/** One that has a sandbox ready before there is a thread; the journey that needs it starts it. */
export const warm = installation(firstPort + 60, {
  SANDBOX_WARM: "1",
  METRICS_TOKEN: "metrics-token-of-the-journeys-0123456789",
});

/** A second one, side by side with the first, whose model is an endpoint of the test's own. */
export const modelPort = firstPort + 110;
export const modelKeyCanary = "sk-canary-0d9f6c1be27a4f53a8e4917b6d2c5a10";
export const withModel = installation(firstPort + 100, {
  MODEL_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
  MODEL_NAME: "stub-1",
  MODEL_API_KEY: modelKeyCanary,
  SANDBOX_RUNNING_MAX: "2",
});
