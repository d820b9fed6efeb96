import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { root } from "../../scripts/bootstrap.mjs";
import { NotMeasurableError } from "../harness/metric.ts";
import { Child } from "./child.ts";
import { newFolder } from "./folders.ts";
import { freePorts } from "./listen.ts";
import { SandboxHostClient } from "./sandbox-host-client.ts";

const startTimeoutMs = 30_000;

/** The product's sandbox host alone, without the rest of the product. */
export interface LoneSandboxHost {
  readonly child: Child;
  readonly client: SandboxHostClient;
  stop(): Promise<void>;
}

const waitForEngine = async (child: Child, origin: string): Promise<void> => {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline && !child.hasEnded) {
    const health = await fetch(`${origin}/v1/health`, { signal: AbortSignal.timeout(1_000) })
      .then((response) => response.json() as Promise<{ engine: string; reason?: string }>)
      .catch(() => undefined);
    if (health?.engine === "none") throw new NotMeasurableError(health.reason ?? "There is no sandbox engine here.");
    if (health) return;
    await delay(50);
  }
  throw new NotMeasurableError(`The sandbox host does not start. Its last words:\n${child.lastWords}`);
};

/** `settings` are environment keys of the host's. */
export const startSandboxHost = async (
  modelGatewayUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<LoneSandboxHost> => {
  const [port] = await freePorts(1);
  const origin = `http://127.0.0.1:${port}`;
  const token = randomBytes(32).toString("base64url");
  const state = newFolder("sandboxes");
  const child = new Child([process.execPath, "src/main.ts"], {
    cwd: join(root, "apps/sandbox-host"),
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "/root",
      SANDBOX_HOST_PORT: String(port),
      SANDBOX_HOST_TOKEN: token,
      SANDBOX_STATE: state,
      MODEL_GATEWAY_URL: modelGatewayUrl,
      ...settings,
    },
  });
  const stop = async () => {
    await child.stop(15_000);
    rmSync(state, { recursive: true, force: true });
  };
  try {
    await waitForEngine(child, origin);
  } catch (error) {
    await stop();
    throw error;
  }
  return { child, client: new SandboxHostClient(origin, token), stop };
};
