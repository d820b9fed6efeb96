import { isAbsolute, join } from "node:path";
import {
  addressSetting,
  checkedText,
  choice,
  decodeSettings,
  type Environment,
  optional,
  portSetting,
  textSetting,
  withDefault,
} from "@threadbox/contracts/settings";
import * as Result from "effect/Result";
import { root } from "../bootstrap.mjs";
import { StartRefusal } from "./start-refusal.ts";

/** Where WorkOS answers for a client, or the local identity process stands in. */
export interface Identity {
  readonly kind: "local" | "workos";
  readonly clientId: string;
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Empty where access tokens carry no audience. */
  readonly audience: string;
  readonly apiHostname: string;
  /** Empty for the scheme's own port. */
  readonly apiPort: string;
  readonly isHttps: boolean;
}

export interface StackConfiguration {
  readonly home: string;
  readonly ports: Readonly<
    Record<"web" | "worker" | "convex" | "identity" | "sandboxHost" | "codemode" | "codemodeWatchdog", number>
  >;
  readonly appOrigin: string;
  /** An address of another Convex deployment, when one is used instead of the embedded server. */
  readonly convexUrl: string | undefined;
  readonly identity: Identity;
  /** Where ChatGPT logins and users' own keys lead, by their keys, when it is not the providers themselves. */
  readonly openAi: Readonly<Record<string, string>>;
  readonly model: Readonly<Record<"MODEL_BASE_URL" | "MODEL_API_KEY" | "MODEL_NAME", string>>;
  /** Those that are set, by their keys; the sandbox host knows the others' defaults. */
  readonly sandboxLimits: Readonly<Record<string, string>>;
  /** Where a thread's sandbox runs when nobody says, if it can be had. */
  readonly sandboxProvider: string;
  /** Where hosts without a public address are, by its key, when it is set. */
  readonly hostAddresses: Readonly<Record<string, string>>;
  /** Those that are set, by their keys. */
  readonly metrics: Readonly<Record<string, string>>;
  /** What opens the embedded Convex to Convex's command line, when somebody may use that. */
  readonly convexAdminKey: string | undefined;
  /** Minutes, when set. */
  readonly sandboxIdleMinutes: string | undefined;
  /** What another program shows that makes sandboxes, when one may. */
  readonly apiToken: string | undefined;
}

const portKeys = {
  web: "PORT",
  worker: "WORKER_PORT",
  convex: "CONVEX_PORT",
  identity: "AUTH_PORT",
  sandboxHost: "SANDBOX_HOST_PORT",
  codemode: "CODEMODE_PORT",
  codemodeWatchdog: "CODEMODE_WATCHDOG_PORT",
} as const;

/** A whole number for a process that checks its range itself. */
const handedOn = optional(checkedText((text) => /^\d{1,9}$/.test(text), "a whole number", true));

/** What the sandbox host may be told about how sandboxes run, and how much they use. */
const sandboxLimits = {
  SANDBOX_RUNNING_MAX: handedOn,
  SANDBOX_WARM: handedOn,
  SANDBOX_MEMORY_MIB: handedOn,
  SANDBOX_PIDS: handedOn,
  SANDBOX_CPUS: handedOn,
  SANDBOX_TMPFS_MIB: handedOn,
  SANDBOX_FILE_MIB: handedOn,
  SANDBOX_DISK_MIB: handedOn,
  SANDBOX_DISK_FILES: handedOn,
  SANDBOX_DISK_RESERVE_MIB: handedOn,
  SANDBOX_NAP_SECONDS: handedOn,
  SANDBOX_MEMORY_RESERVE_MIB: handedOn,
  SANDBOX_OPENCODE_MIB: handedOn,
  SANDBOX_DISKS: optional(choice("auto", "folders")),
  SANDBOX_ENGINE: optional(choice("auto", "local", "docker")),
  SANDBOX_IMAGE: optional(textSetting("the image of Docker sandboxes")),
  DOCKER_HOST: optional(textSetting("the address of the Docker engine")),
};

/** Where hosts without a public address are: tunnels of sandboxes lead there, and what the worker asks with a secret. */
const hostAddresses = {
  EGRESS_ADDRESSES: optional(checkedText((text) => /^[\w.:,= -]+$/.test(text), "hosts and where they are", true)),
};

/** Who may collect what the worker measures, and whom it tells. */
const metrics = {
  METRICS_TOKEN: optional(textSetting("what whoever collects the metrics shows")),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(addressSetting("http://127.0.0.1:4318")),
  OTEL_EXPORTER_OTLP_HEADERS: optional(textSetting("headers for the collector of metrics")),
};

const settings = {
  PORT: withDefault(portSetting(), "3000"),
  WORKER_PORT: withDefault(portSetting(), "8787"),
  CONVEX_PORT: withDefault(portSetting(), "3210"),
  AUTH_PORT: withDefault(portSetting(), "4100"),
  SANDBOX_HOST_PORT: withDefault(portSetting(), "4200"),
  CODEMODE_PORT: withDefault(portSetting(), "4300"),
  CODEMODE_WATCHDOG_PORT: withDefault(portSetting(), "4301"),
  THREADBOX_HOME: withDefault(textSetting("the folder of everything that is kept"), ".threadbox"),
  CONVEX_ADMIN_KEY: optional(textSetting("the key that opens the embedded Convex to its command line")),
  CONVEX_URL: optional(addressSetting("https://happy-otter-123.convex.cloud")),
  WORKOS_CLIENT_ID: optional(textSetting("the client id that WorkOS gives")),
  OPENAI_ISSUER_URL: optional(addressSetting("https://auth.openai.com")),
  CODEX_URL: optional(addressSetting("https://chatgpt.com")),
  OPENAI_API_URL: optional(addressSetting("https://api.openai.com/v1")),
  ANTHROPIC_API_URL: optional(addressSetting("https://api.anthropic.com/v1")),
  MODEL_KEY_HOSTS: optional(
    checkedText((text) => /^[\w.:, -]+$/.test(text), "hosts such as ollama.internal:11434", true),
  ),
  MODEL_BASE_URL: optional(addressSetting("http://127.0.0.1:11434/v1")),
  MODEL_API_KEY: optional(textSetting("the model provider's key")),
  MODEL_NAME: optional(textSetting("the model's name")),
  SANDBOX_IDLE_MINUTES: handedOn,
  SANDBOX_PROVIDER: withDefault(choice("local", "docker", "auto"), "local"),
  AGENTPOD_API_TOKEN: optional(
    checkedText((text) => /^[A-Za-z0-9_~+/=-]{32,512}$/.test(text), "32 to 512 plain characters, no dot"),
  ),
  ...metrics,
  ...sandboxLimits,
  ...hostAddresses,
};

/** Where the worker looks for others' services; it knows the defaults. */
const providerKeys = [
  "OPENAI_ISSUER_URL",
  "CODEX_URL",
  "OPENAI_API_URL",
  "ANTHROPIC_API_URL",
  "MODEL_KEY_HOSTS",
] as const;

const identityOf = (workos: string | undefined, authPort: number): Identity => {
  if (workos !== undefined) {
    return {
      kind: "workos",
      clientId: workos,
      issuer: `https://api.workos.com/user_management/${workos}`,
      jwksUrl: `https://api.workos.com/sso/jwks/${workos}`,
      audience: "",
      apiHostname: "api.workos.com",
      apiPort: "",
      isHttps: true,
    };
  }
  const clientId = "client_local";
  return {
    kind: "local",
    clientId,
    issuer: `http://localhost:${authPort}`,
    jwksUrl: `http://127.0.0.1:${authPort}/sso/jwks/${clientId}`,
    audience: clientId,
    apiHostname: "localhost",
    apiPort: String(authPort),
    isHttps: false,
  };
};

/** Those of some settings that are set, by their keys. */
const setOf = (some: object, given: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (key in some && typeof value === "string" ? [[key, value]] : [])),
  );

/** What is wrong with settings beside each other. */
const problemsBetween = (given: (key: keyof typeof settings) => string | undefined): readonly string[] => {
  const used = Object.values(portKeys).map((key) => given(key) ?? settings[key].whenAbsent?.text);
  const needs = (needed: "MODEL_BASE_URL" | "MODEL_NAME", by: keyof typeof settings) =>
    given(by) !== undefined && given(needed) === undefined ? [`${needed} is needed with ${by}`] : [];
  return [
    ...(new Set(used).size < used.length
      ? [`${Object.values(portKeys).join(", ")} must be seven different ports`]
      : []),
    ...needs("MODEL_NAME", "MODEL_BASE_URL"),
    // Without an address the demo model would answer in place of the one that was meant.
    ...needs("MODEL_BASE_URL", "MODEL_NAME"),
    ...needs("MODEL_BASE_URL", "MODEL_API_KEY"),
  ];
};

/** Decodes the environment of `npm start`. Throws one refusal that names every bad key. */
export const decodeConfiguration = (environment: Environment): StackConfiguration => {
  const decoded = decodeSettings(settings, environment);
  const problems = [
    ...(Result.isFailure(decoded) ? decoded.failure.map(({ sentence }) => sentence) : []),
    ...problemsBetween((key) => environment[key]?.trim() || undefined),
  ];
  if (Result.isFailure(decoded) || problems.length > 0) throw new StartRefusal(problems.join("; "));
  const given = decoded.success;
  const home = given.THREADBOX_HOME;
  return {
    home: isAbsolute(home) ? home : join(root, home),
    ports: {
      web: given.PORT,
      worker: given.WORKER_PORT,
      convex: given.CONVEX_PORT,
      identity: given.AUTH_PORT,
      sandboxHost: given.SANDBOX_HOST_PORT,
      codemode: given.CODEMODE_PORT,
      codemodeWatchdog: given.CODEMODE_WATCHDOG_PORT,
    },
    appOrigin: `http://threadbox.localhost:${given.PORT}`,
    convexUrl: given.CONVEX_URL,
    convexAdminKey: given.CONVEX_ADMIN_KEY,
    identity: identityOf(given.WORKOS_CLIENT_ID, given.AUTH_PORT),
    openAi: Object.fromEntries(providerKeys.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]]))),
    model: {
      MODEL_BASE_URL: given.MODEL_BASE_URL ?? "",
      MODEL_API_KEY: given.MODEL_API_KEY ?? "",
      MODEL_NAME: given.MODEL_NAME ?? "",
    },
    sandboxLimits: setOf(sandboxLimits, given),
    sandboxProvider: given.SANDBOX_PROVIDER,
    hostAddresses: setOf(hostAddresses, given),
    metrics: setOf(metrics, given),
    sandboxIdleMinutes: given.SANDBOX_IDLE_MINUTES,
    apiToken: given.AGENTPOD_API_TOKEN,
  };
};

/** The environment key that moves a port, for error sentences. */
export const portKeyOf = (name: keyof StackConfiguration["ports"]): string => portKeys[name];
