import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { SandboxName } from "@threadbox/contracts/ids";
import { openCodeConfigVariable } from "@threadbox/contracts/opencode";
import { type EnsureSandbox, type ExecResult, egressBaseUrl, type HostHealth } from "@threadbox/contracts/sandbox-host";
import { Schema } from "effect";
import { pino } from "pino";
import { decodeConfig } from "./config.ts";
import { defaultDockerHost } from "./engines/docker/engine-address.ts";
import { type HostMachine, type SandboxHost, startSandboxHost } from "./host.ts";

export const token = "test-token-of-the-control-channel-0123456789";
export const password = "test-password-of-opencode-0123456789abcdef";

/** A model gateway that answers every request with three server-sent events and remembers what it was asked. */
export interface StubGateway {
  readonly url: string;
  readonly requests: readonly {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage["headers"];
    /** Grows while it comes in. */
    readonly body: readonly string[];
  }[];
  close(): Promise<void>;
}

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
};

export const startStubGateway = async (): Promise<StubGateway> => {
  const requests: StubGateway["requests"][number][] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const body: string[] = [];
    request.setEncoding("utf8").on("data", (piece: string) => body.push(piece));
    requests.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    if (request.url?.endsWith("/redirect")) {
      response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream", "x-internal": "not for the sandbox" });
    response.end("data: one\n\ndata: two\n\ndata: [DONE]\n\n");
  });
  const url = `${await listening(server)}/internal/model`;
  return {
    url,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

export const sandboxName = (): SandboxName => Schema.decodeSync(SandboxName)(randomBytes(16).toString("hex"));

export const ensureBody = (generation: number, over: Partial<EnsureSandbox> = {}): string =>
  JSON.stringify({
    generation,
    openCodePassword: password,
    environment: {
      [openCodeConfigVariable]: JSON.stringify({
        model: "threadbox/default",
        provider: {
          threadbox: {
            npm: "@ai-sdk/openai-compatible",
            options: { baseURL: `${egressBaseUrl}/model/v1`, apiKey: "sandbox-credential" },
            models: { default: { tool_call: true } },
          },
        },
      }),
    },
    ...over,
  });

/** Speaks the control channel. */
export interface HostClient {
  readonly url: string;
  /** `path` is below `/v1`. The token is sent unless headers say otherwise. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** A start that takes longer than the host waits with its answer is followed to its end. */
  json(path: string, init?: RequestInit): Promise<unknown>;
  exec(name: SandboxName, argv: readonly string[], more?: object): Promise<ExecResult>;
}

export const authorization = { authorization: `Bearer ${token}` };
export const openCodeAuthorization = {
  "x-forward-authorization": `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`,
};

export const hostClient = (url: string): HostClient => {
  const request: HostClient["request"] = (at, init = {}) =>
    fetch(`${url}/v1${at}`, { redirect: "manual", ...init, headers: { ...authorization, ...init.headers } });
  return {
    url,
    request,
    json: async (at, init) => {
      let answer = (await (await request(at, init)).json()) as { readonly status?: string };
      while (init?.method === "PUT" && answer.status === "starting") {
        await setTimeout(200);
        answer = (await (await request(at)).json()) as { readonly status?: string };
      }
      return answer;
    },
    exec: async (name, argv, more = {}) =>
      (
        await request(`/sandboxes/${name}/exec`, { method: "POST", body: JSON.stringify({ argv, ...more }) })
      ).json() as Promise<ExecResult>,
  };
};

export interface TestHost extends HostClient {
  readonly state: string;
  readonly gateway: StubGateway;
  readonly host: SandboxHost;
  /** What was logged, line by line. */
  readonly log: readonly string[];
  close(lastSavesMs?: number): Promise<void>;
}

/** `npm run test:docker` has the suites of the whole host run on containers. */
const engineUnderTest: Record<string, string> =
  process.env.TEST_ENGINE === "docker"
    ? { SANDBOX_ENGINE: "docker", DOCKER_HOST: process.env.TEST_DOCKER_HOST ?? defaultDockerHost }
    : { SANDBOX_ENGINE: "local" };

export const testEnvironment = (state: string, gatewayUrl: string): Record<string, string> => ({
  ...engineUnderTest,
  SANDBOX_HOST_PORT: "0",
  SANDBOX_HOST_TOKEN: token,
  SANDBOX_STATE: state,
  MODEL_GATEWAY_URL: gatewayUrl,
  SANDBOX_WARM: "0",
});

/** Returns the reason instead where the machine cannot run sandboxes. `over` are environment keys. */
export const openTestHost = async (
  over: Record<string, string> = {},
  machine: HostMachine = {},
): Promise<TestHost | { readonly refusal: string }> => {
  const state = await fs.mkdtemp(path.join(os.tmpdir(), "threadbox-host-"));
  const gateway = await startStubGateway();
  const log: string[] = [];
  const config = decodeConfig({ ...testEnvironment(state, gateway.url), ...over });
  const host = await startSandboxHost(config, pino({}, { write: (line) => void log.push(line) }), machine);
  const client = hostClient(host.url);
  const close = async (lastSavesMs?: number): Promise<void> => {
    await host.close(lastSavesMs);
    await gateway.close();
    await fs.rm(state, { recursive: true, force: true });
  };
  const health = (await client.json("/health")) as HostHealth;
  if (health.engine === "none") {
    await close();
    return { refusal: health.reason ?? "no engine" };
  }
  return { ...client, state, gateway, host, log, close };
};
