/** Runs the built worker on this machine: workerd through Miniflare, Durable Object state on disk. */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { root } from "./bootstrap.mjs";
import { namedWays, networks } from "./networks.ts";

const folder = join(root, "apps/worker");
const {
  WORKER_PORT = "8787",
  WORKER_STATE = join(root, ".threadbox/worker"),
  CODEMODE_ADDRESS = "127.0.0.1:4300",
  CODEMODE_WATCHDOG_ADDRESS = "127.0.0.1:4301",
  EGRESS_ADDRESSES = "",
} = process.env;

/** Bindings the worker reads; everything else of this process's environment stays out of it. */
const bindingNames = [
  "APP_ORIGIN",
  "VIEW_BASE_ORIGIN",
  "CONVEX_URL",
  "AUTH_ISSUER",
  "AUTH_JWKS_URL",
  "AUTH_AUDIENCE",
  "THREAD_TOKEN_JWKS",
  "SERVICE_TOKEN_PRIVATE_JWK",
  "SANDBOX_CREDENTIAL_KEY",
  "SANDBOX_NAME_KEY",
  "VAULT_KEYS",
  "SANDBOX_PROVIDER",
  "ENABLE_CLOUDFLARE_SANDBOXES",
  "CLOUDFLARE_WORKER_URL",
  "SANDBOX_HOST_URL",
  "SANDBOX_HOST_TOKEN",
  "SANDBOX_IDLE_MINUTES",
  "CODEMODE_KEY",
  "AGENTPOD_API_TOKEN",
  "METRICS_TOKEN",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "OPENAI_ISSUER_URL",
  "CODEX_URL",
  "MODEL_BASE_URL",
  "MODEL_API_KEY",
  "MODEL_NAME",
  "OPENAI_API_URL",
  "ANTHROPIC_API_URL",
  "MODEL_KEY_HOSTS",
];
const bindings = Object.fromEntries(
  bindingNames.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
);

const named = namedWays(EGRESS_ADDRESSES);

const { workerOptions } = workerOptionsOf(join(folder, "wrangler.jsonc"));
const modules = readdirSync(join(folder, "dist"))
  .filter((name) => /\.(js|mjs|wasm)$/.test(name))
  .sort((a, b) => Number(b.startsWith("index")) - Number(a.startsWith("index")))
  .map((name) => ({
    type: name.endsWith(".wasm") ? ("CompiledWasm" as const) : ("ESModule" as const),
    path: join(folder, "dist", name),
  }));

// One process is the whole place here, so a number in memory counts as well as a Durable Object with a database would.
const counts = Object.entries(workerOptions.ratelimits ?? {}).map(([name, { simple }]) => [name, simple]);

mkdirSync(WORKER_STATE, { recursive: true });
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    // Of Miniflare's own entry, which takes every request through a worker of its own first. Nobody asks there.
    port: 0,
    resourcePersistencePath: WORKER_STATE,
    cf: false,
    workers: [
      {
        ...workerOptions,
        modules,
        modulesRoot: join(folder, "dist"),
        bindings: {
          ...bindings,
          ...named.bindings,
          REQUEST_COUNTS: JSON.stringify(Object.fromEntries(counts)),
        },
        unsafeDirectSockets: [{ host: "127.0.0.1", port: Number(WORKER_PORT) }],
        // Every other request out passes one more worker of Miniflare's.
        serviceBindings: {
          CODEMODE: { external: { address: CODEMODE_ADDRESS, http: {} } },
          ...networks,
          ...named.serviceBindings,
          CODEMODE_WATCHDOG: { external: { address: CODEMODE_WATCHDOG_ADDRESS, http: {} } },
        },
      },
    ],
  }),
);
await miniflare.ready;
console.log(JSON.stringify({ level: 30, msg: "worker ready", port: Number(WORKER_PORT) }));

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => void miniflare.dispose().finally(() => process.exit(0)));
}
