import { isAbsolute, join } from "node:path";
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
  readonly ports: Readonly<Record<"web" | "worker" | "convex" | "auth" | "sandboxHost", number>>;
  readonly appOrigin: string;
  /** An address of another Convex deployment, when one is used instead of the embedded server. */
  readonly convexUrl: string | undefined;
  readonly identity: Identity;
  readonly model: Readonly<Record<"MODEL_BASE_URL" | "MODEL_API_KEY" | "MODEL_NAME", string>>;
  /** Those of `sandboxLimitKeys` that are set, and `SANDBOX_DISKS`; the sandbox host knows the others' defaults. */
  readonly sandboxLimits: Readonly<Record<string, string>>;
  /** Minutes, when set. */
  readonly sandboxIdleMinutes: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const portKeys = {
  web: ["PORT", 3000],
  worker: ["WORKER_PORT", 8787],
  convex: ["CONVEX_PORT", 3210],
  auth: ["AUTH_PORT", 4100],
  sandboxHost: ["SANDBOX_HOST_PORT", 4200],
} as const;

/** What the sandbox host may be told about how much sandboxes use; it checks the ranges. */
const sandboxLimitKeys = [
  "SANDBOX_RUNNING_MAX",
  "SANDBOX_MEMORY_MIB",
  "SANDBOX_PIDS",
  "SANDBOX_CPUS",
  "SANDBOX_TMPFS_MIB",
  "SANDBOX_FILE_MIB",
  "SANDBOX_DISK_MIB",
  "SANDBOX_DISK_FILES",
  "SANDBOX_DISK_RESERVE_MIB",
] as const;

const isWholeNumber = (text: string) => /^\d{1,7}$/.test(text);

const isUrl = (text: string) => URL.canParse(text) && /^https?:/.test(text);

const identityOf = (env: Environment, authPort: number): Identity => {
  const workos = env.WORKOS_CLIENT_ID;
  if (workos) {
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

/** Decodes the environment of `npm start`. Throws one refusal that names every bad key. */
export const decodeConfiguration = (env: Environment): StackConfiguration => {
  const problems: string[] = [];
  const portOf = (key: string, fallback: number) => {
    const text = env[key];
    if (text === undefined || text === "") return fallback;
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      problems.push(`${key} is ${JSON.stringify(text)}, not a port`);
    return port;
  };
  const ports = {
    web: portOf(...portKeys.web),
    worker: portOf(...portKeys.worker),
    convex: portOf(...portKeys.convex),
    auth: portOf(...portKeys.auth),
    sandboxHost: portOf(...portKeys.sandboxHost),
  };
  const used = Object.values(ports);
  if (new Set(used).size !== used.length) {
    problems.push(
      `${Object.values(portKeys)
        .map(([key]) => key)
        .join(", ")} must be five different ports`,
    );
  }
  const { MODEL_BASE_URL = "", MODEL_API_KEY = "", MODEL_NAME = "", CONVEX_URL = "" } = env;
  if (MODEL_BASE_URL && !isUrl(MODEL_BASE_URL)) problems.push("MODEL_BASE_URL isn't an http or https address");
  if (MODEL_BASE_URL && !MODEL_NAME) problems.push("MODEL_NAME is needed with MODEL_BASE_URL");
  // Without an address the demo model would answer in place of the one that was meant.
  for (const [key, text] of Object.entries({ MODEL_NAME, MODEL_API_KEY })) {
    if (text && !MODEL_BASE_URL) problems.push(`MODEL_BASE_URL is needed with ${key}`);
  }
  if (CONVEX_URL && !isUrl(CONVEX_URL)) problems.push("CONVEX_URL isn't an http or https address");
  const given = (key: string) => {
    const text = env[key];
    if (text === undefined || text === "") return undefined;
    if (!isWholeNumber(text)) problems.push(`${key} is ${JSON.stringify(text)}, not a whole number`);
    return text;
  };
  const sandboxLimits = Object.fromEntries(
    [
      ...sandboxLimitKeys.map((key) => [key, given(key)] as const),
      ["SANDBOX_DISKS", env.SANDBOX_DISKS] as const,
    ].flatMap(([key, text]) => (text ? [[key, text]] : [])),
  );
  const sandboxIdleMinutes = given("SANDBOX_IDLE_MINUTES");
  if (problems.length > 0) throw new StartRefusal(problems.join("; "));
  const home = env.THREADBOX_HOME || ".threadbox";
  return {
    home: isAbsolute(home) ? home : join(root, home),
    ports,
    appOrigin: `http://threadbox.localhost:${ports.web}`,
    convexUrl: CONVEX_URL || undefined,
    identity: identityOf(env, ports.auth),
    model: { MODEL_BASE_URL, MODEL_API_KEY, MODEL_NAME },
    sandboxLimits,
    sandboxIdleMinutes,
  };
};

/** The environment key that moves a port, for error sentences. */
export const portKeyOf = (name: keyof StackConfiguration["ports"]): string => portKeys[name][0];
