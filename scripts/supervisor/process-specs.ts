import { join } from "node:path";
import { root } from "../bootstrap.mjs";
import type { StackConfiguration } from "./configuration.ts";
import type { Keys } from "./keys.ts";

export interface ProcessSpec {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly healthUrl: string;
  readonly umask: number;
}

/** What a process keeps, only the user who runs it reads. */
const ownerOnly = 0o077;
/** Programs in a sandbox inherit the sandbox host's; it keeps its own files in folders that are closed to others. */
const usual = 0o022;

const loopback = (port: number) => `http://127.0.0.1:${port}`;
const localhost = (port: number) => `http://localhost:${port}`;
/** Same-site with the page, which a browser asks for before it lets a frame keep anything. */
const viewsOf = (appOrigin: string, port: number) => `http://sbx.${new URL(appOrigin).hostname}:${port}`;
const nodeProgram = join(root, "node_modules", ".bin", "node");

const node = (workspace: string, entry: string, ...args: string[]) => ({
  argv: [nodeProgram, entry, ...args] as const,
  cwd: join(root, workspace),
});

/**
 * The processes of one installation, each with exactly the configuration it needs: a key that a process has no
 * use for is not in its environment.
 */
export const processSpecs = (
  configuration: StackConfiguration,
  keys: Keys,
  { isDev }: { readonly isDev: boolean },
): readonly ProcessSpec[] => {
  const { home, ports, appOrigin, identity, openAi, model, sandboxLimits, hostAddresses } = configuration;
  const { sandboxIdleMinutes, apiToken, metrics, convexAdminKey } = configuration;
  const convexUrl = configuration.convexUrl ?? loopback(ports.convex);
  const verification = {
    AUTH_ISSUER: identity.issuer,
    AUTH_JWKS_URL: identity.jwksUrl,
    AUTH_AUDIENCE: identity.audience,
  };
  const serviceJwks = Buffer.from(JSON.stringify({ keys: [keys.serviceToken.public] })).toString("base64");

  const identityProcess: ProcessSpec = {
    name: "identity",
    ...node("packages/local-authkit", "src/main.ts"),
    env: {
      APP_ORIGIN: appOrigin,
      AUTH_PORT: String(ports.identity),
      AUTH_STATE: join(home, "auth"),
      AUTH_CLIENT_ID: identity.clientId,
    },
    healthUrl: `${loopback(ports.identity)}/health`,
    umask: ownerOnly,
  };
  const convex: ProcessSpec = {
    name: "convex",
    ...node("packages/convex-server", "src/main.ts", ...(isDev ? ["--watch"] : [])),
    env: {
      APP_ORIGIN: appOrigin,
      CONVEX_PORT: String(ports.convex),
      CONVEX_STATE: join(home, "convex"),
      CONVEX_BACKUPS: join(home, "backups"),
      CONVEX_DIR: join(root, "convex"),
      CONVEX_FUNCTION_ENV: [...Object.keys(verification), "SERVICE_JWKS_URL"].join(","),
      ...verification,
      SERVICE_JWKS_URL: `data:application/json;base64,${serviceJwks}`,
      ...(metrics.METRICS_TOKEN === undefined ? {} : { METRICS_TOKEN: metrics.METRICS_TOKEN }),
      ...(convexAdminKey === undefined ? {} : { CONVEX_ADMIN_KEY: convexAdminKey }),
    },
    healthUrl: `${loopback(ports.convex)}/health`,
    umask: ownerOnly,
  };
  const sandboxHost: ProcessSpec = {
    name: "sandbox-host",
    ...node("apps/sandbox-host", "src/main.ts"),
    env: {
      SANDBOX_HOST_PORT: String(ports.sandboxHost),
      SANDBOX_HOST_TOKEN: keys.sandboxHostToken,
      SANDBOX_STATE: join(home, "sandboxes"),
      SANDBOX_SNAPSHOTS: join(home, "snapshots"),
      SANDBOX_SNAPSHOT_KEY: keys.snapshotKey,
      MODEL_GATEWAY_URL: `${loopback(ports.worker)}/internal/model`,
      SANDBOX_ENDS_URL: `${loopback(ports.worker)}/internal/sandbox-host/ended`,
      ...sandboxLimits,
      ...hostAddresses,
    },
    healthUrl: `${loopback(ports.sandboxHost)}/v1/health`,
    umask: usual,
  };
  const codemode: ProcessSpec = {
    name: "codemode",
    ...node("apps/codemode", "machine/main.ts"),
    env: {
      CODEMODE_PORT: String(ports.codemode),
      CODEMODE_WATCHDOG_PORT: String(ports.codemodeWatchdog),
      CODEMODE_KEY: keys.codemodeKey,
    },
    healthUrl: `${loopback(ports.codemode)}/health`,
    umask: ownerOnly,
  };
  const worker: ProcessSpec = {
    name: "worker",
    ...node("scripts", "worker.ts"),
    env: {
      WORKER_PORT: String(ports.worker),
      WORKER_STATE: join(home, "worker"),
      APP_ORIGIN: appOrigin,
      VIEW_BASE_ORIGIN: viewsOf(appOrigin, ports.worker),
      CONVEX_URL: convexUrl,
      ...verification,
      THREAD_TOKEN_JWKS: JSON.stringify({ keys: [keys.threadToken.public] }),
      SERVICE_TOKEN_PRIVATE_JWK: JSON.stringify(keys.serviceToken.private),
      SANDBOX_CREDENTIAL_KEY: keys.sandboxCredentialKey,
      SANDBOX_NAME_KEY: keys.sandboxNameKey,
      VAULT_KEYS: JSON.stringify(keys.vault),
      SANDBOX_PROVIDER: configuration.sandboxProvider,
      SANDBOX_HOST_URL: loopback(ports.sandboxHost),
      SANDBOX_HOST_TOKEN: keys.sandboxHostToken,
      CODEMODE_ADDRESS: `127.0.0.1:${ports.codemode}`,
      CODEMODE_WATCHDOG_ADDRESS: `127.0.0.1:${ports.codemodeWatchdog}`,
      CODEMODE_KEY: keys.codemodeKey,
      ...hostAddresses,
      ...(apiToken === undefined ? {} : { AGENTPOD_API_TOKEN: apiToken }),
      ...(sandboxIdleMinutes === undefined ? {} : { SANDBOX_IDLE_MINUTES: sandboxIdleMinutes }),
      ...metrics,
      ...openAi,
      ...model,
    },
    healthUrl: `${loopback(ports.worker)}/health`,
    umask: ownerOnly,
  };
  const web: ProcessSpec = {
    name: "web",
    ...(isDev
      ? {
          argv: [nodeProgram, join(root, "node_modules/.bin/vite"), "dev", "--port", String(ports.web), "--strictPort"],
          cwd: join(root, "apps/web"),
        }
      : node("apps/web", "server/main.ts")),
    env: {
      PORT: String(ports.web),
      APP_ORIGIN: appOrigin,
      PUBLIC_WORKER_URL: localhost(ports.worker),
      PUBLIC_VIEW_BASE_ORIGIN: viewsOf(appOrigin, ports.worker),
      PUBLIC_CONVEX_URL: configuration.convexUrl ?? localhost(ports.convex),
      CONVEX_URL: convexUrl,
      AUTH_CLIENT_ID: identity.clientId,
      AUTH_API_HOSTNAME: identity.apiHostname,
      AUTH_API_PORT: identity.apiPort,
      AUTH_API_HTTPS: String(identity.isHttps),
      AUTH_DEV_MODE: String(identity.kind === "local"),
      ...verification,
      THREAD_TOKEN_PRIVATE_JWK: JSON.stringify(keys.threadToken.private),
    },
    healthUrl: `${loopback(ports.web)}/health`,
    umask: ownerOnly,
  };
  return [
    ...(identity.kind === "local" ? [identityProcess] : []),
    ...(configuration.convexUrl ? [] : [convex]),
    sandboxHost,
    codemode,
    worker,
    web,
  ];
};
