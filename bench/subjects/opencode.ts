import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  openCodeArguments,
  openCodeConfigVariable,
  openCodeFlags,
  openCodeStartEnvironment,
} from "@threadbox/contracts/opencode";
import { root } from "../../scripts/bootstrap.mjs";
import { Child } from "./child.ts";
import { newFolder } from "./folders.ts";
import { freePorts } from "./listen.ts";

const program = join(root, "node_modules/.bin/opencode");
const startTimeoutMs = 90_000;
const tryTimeoutMs = 400;
const retryMs = 25;
/** A port on which nothing listens: whatever wants out is refused at once instead of waiting for a network. */
const nowhere = "http://127.0.0.1:9";

/** The configuration that the product gives its OpenCode, with another provider address and key. */
export const openCodeConfig = (baseURL: string, apiKey = "bench"): string =>
  JSON.stringify({
    autoupdate: false,
    share: "disabled",
    model: "threadbox/default",
    small_model: "threadbox/default",
    enabled_providers: ["threadbox"],
    provider: {
      threadbox: {
        npm: "@ai-sdk/openai-compatible",
        name: "Threadbox",
        options: { baseURL, apiKey },
        models: { default: { name: "Threadbox", tool_call: true, limit: { context: 128_000, output: 16_384 } } },
      },
    },
  });

/** OpenCode without anything around it: no jail, no proxy, a fresh home. */
export interface BareOpenCode {
  readonly child: Child;
  readonly origin: string;
  readonly authorization: string;
  readonly workspace: string;
  stop(): Promise<void>;
}

/** Spawns it and returns at once; whether it answers is the caller's question. */
export const spawnOpenCode = async (providerUrl: string): Promise<BareOpenCode> => {
  const folder = newFolder("opencode");
  const [home, workspace] = [join(folder, "home"), join(folder, "workspace")];
  for (const each of [home, workspace]) mkdirSync(each);
  const [port] = await freePorts(1);
  const password = randomBytes(32).toString("base64url");
  const child = new Child([program, ...openCodeArguments("127.0.0.1", port)], {
    cwd: workspace,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: home,
      LANG: "C.UTF-8",
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
      NO_PROXY: "127.0.0.1,localhost",
      ...openCodeFlags,
      ...openCodeStartEnvironment({
        openCodePassword: password,
        environment: { [openCodeConfigVariable]: openCodeConfig(providerUrl) },
      }),
    },
  });
  return {
    child,
    origin: `http://127.0.0.1:${port}`,
    authorization: openCodeAuthorization(password),
    workspace,
    stop: async () => {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const openCodeAuthorization = (password: string): string =>
  `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;

type Probe = { readonly isHealthy: boolean; readonly failedTries: number };

const asksHealth = async ({ origin, authorization }: BareOpenCode, timeoutMs: number): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${origin}/global/health`, { headers: { authorization }, signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

const tryUntilHealthy = async (openCode: BareOpenCode, timeoutMs: number, pauseMs: number): Promise<Probe> => {
  const deadline = performance.now() + startTimeoutMs;
  for (let failedTries = 0; performance.now() < deadline && !openCode.child.hasEnded; failedTries++) {
    if (await asksHealth(openCode, timeoutMs)) return { isHealthy: true, failedTries };
    await delay(pauseMs);
  }
  return { isHealthy: false, failedTries: -1 };
};

/** As OpenCode wants to be waited for: its line, then short tries. */
export const waitByLine = async (openCode: BareOpenCode): Promise<Probe> => {
  await openCode.child.line(/server listening on/, startTimeoutMs);
  return tryUntilHealthy(openCode, tryTimeoutMs, retryMs);
};

/** As it is usually waited for: asked once a second. */
export const waitByPolling = (openCode: BareOpenCode): Promise<Probe> => tryUntilHealthy(openCode, 1_000, 1_000);

/** As it must not be waited for: the first connection that is accepted may have 20 seconds. */
export const waitByLongFetch = (openCode: BareOpenCode): Promise<Probe> => tryUntilHealthy(openCode, 20_000, retryMs);

/** Makes an OpenCode session and returns its id; null when it was refused. */
export const createSession = async (url: string, headers: Readonly<Record<string, string>>): Promise<string | null> => {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ title: "bench" }),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  return response.ok ? (JSON.parse(text) as { id: string }).id : null;
};
