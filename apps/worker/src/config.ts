import {
  addressSetting,
  checkedText,
  decodeSettings,
  optional,
  originSetting,
  setting,
  textSetting,
  wholeNumber,
  withDefault,
} from "@threadbox/contracts/settings";
import { Context, Effect, Layer, Redacted, Result, Schema } from "effect";
import { Base64Url } from "effect/encoding";
import { missingForSandboxes, type SandboxesConfig, sandboxesOf, sandboxesSettings } from "./sandboxes-config.ts";

/** The worker's configuration: decoded once from the bindings, handed in everywhere else. */
export interface WorkerConfigShape {
  readonly appOrigin: string;
  readonly convexUrl: string;
  /** Origin below whose host every view of a sandbox has a host of its own, same-site with the app; null: no views. */
  readonly viewBaseOrigin: string | null;
  readonly accessTokens: AccessTokensConfig;
  /** JSON text of the public JWK set whose kids are the accepted ones. */
  readonly threadTokenJwks: string;
  readonly serviceTokenPrivateJwk: Redacted.Redacted<string>;
  readonly sandboxCredentialKey: Redacted.Redacted<Uint8Array>;
  readonly sandboxNameKey: Redacted.Redacted<Uint8Array>;
  /** JSON text of the set of master keys (32 bytes each); the first encrypts, every one decrypts. */
  readonly vaultKeys: Redacted.Redacted<string>;
  readonly sandboxIdleMs: number;
  /** What another program shows that makes sandboxes for users; null: none may. */
  readonly apiToken: Redacted.Redacted<string> | null;
  /** What is shown at the machine that runs programs; null: there is none. */
  readonly codemodeKey: Redacted.Redacted<string> | null;
  /** What whoever collects the metrics shows; null: nobody may. */
  readonly metricsToken: Redacted.Redacted<string> | null;
  /** Who is told the metrics; null: nobody. */
  readonly collector: CollectorConfig | null;
  readonly sandboxes: SandboxesConfig;
  readonly openAi: OpenAiConfig;
  /** Null: the demo model answers. */
  readonly model: ModelConfig | null;
  readonly ownModels: OwnModelsConfig;
  /** Hosts that aren't public, and that the installation has named: secrets may be sent to them all the same. */
  readonly namedHosts: NamedHostsConfig;
}

/** How the login session's access tokens are verified. */
export interface AccessTokensConfig {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Null: the identity provider names no audience. */
  readonly audience: string | null;
}

/** Where ChatGPT's logins lead, without a slash at the end. */
export interface OpenAiConfig {
  readonly issuerUrl: string;
  /** Origin of the endpoint of ChatGPT's models. */
  readonly codexUrl: string;
}

/** Where users' own keys lead, without a slash at the end. */
export interface OwnModelsConfig {
  readonly openAiUrl: string;
  readonly anthropicUrl: string;
  /** Hosts (`name:port`) in the operator's own network that a user's address may name, also without encryption. */
  readonly hosts: readonly string[];
}

/** Hosts that the installation has named itself, wherever they are. */
export interface NamedHostsConfig {
  /** Where requests of sandboxes may be sent, by name: those of `EGRESS_ADDRESSES`. */
  readonly egress: readonly string[];
  /** Those, and hosts (`name` or `name:port`) of model APIs. */
  readonly all: readonly string[];
}

/** A collector of OpenTelemetry's, by OTLP over HTTP. */
export interface CollectorConfig {
  /** Without a slash at the end; `/v1/metrics` is appended. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: Redacted.Redacted<string>])[];
}

export interface ModelConfig {
  /** Without a trailing slash; `/chat/completions` is appended. */
  readonly baseUrl: string;
  readonly name: string;
  readonly apiKey: Redacted.Redacted<string> | null;
}

export class WorkerConfig extends Context.Service<WorkerConfig, WorkerConfigShape>()("threadbox/worker/WorkerConfig") {}

/** Names every key that is missing or malformed, and shows nothing that may be a secret. */
export class ConfigInvalidError extends Schema.TaggedError<ConfigInvalidError>()("ConfigInvalidError", {
  problems: Schema.Array(Schema.String),
}) {
  override get message() {
    return `The worker's configuration is not usable: ${this.problems.join("; ")}.`;
  }
}

const hasMembers = (text: string, members: readonly string[]): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && members.every((member) => member in value);
  } catch {
    return false;
  }
};
const isKey = (text: string): boolean =>
  Result.match(Base64Url.decode(text), { onFailure: () => false, onSuccess: (bytes) => bytes.length === 32 });

const key = checkedText(isKey, "32 bytes of base64url");
const codemodeKey = setting(Schema.String.check(Schema.isMinLength(32)), "the key of the machine that runs programs");
const apiToken = checkedText((text) => /^[A-Za-z0-9_~+/=-]{32,512}$/.test(text), "32 to 512 plain characters, no dot");
const metricsToken = checkedText((text) => /^[\w~+/=.-]{32,512}$/.test(text), "32 to 512 plain characters");
const collectorHeaders = checkedText(
  (text) => text.split(",").every((pair) => /^\s*[\w-]+=[\x21-\x7e ]*$/.test(pair)),
  "names and values, e.g. api-key=abc, separated by commas",
);

const hostsPattern = /^[\w.-]+(?::\d{1,5})?(?:\s*,\s*[\w.-]+(?::\d{1,5})?)*$/;

const MasterKeys = Schema.fromJsonString(
  Schema.Struct({
    keys: Schema.NonEmptyArray(
      Schema.Struct({
        kty: Schema.Literal("oct"),
        kid: Schema.NonEmptyString,
        k: Schema.String.check(Schema.makeFilter(isKey)),
      }),
    ),
  }),
);
const isMasterKeys = (text: string): boolean => Result.isSuccess(Schema.decodeUnknownResult(MasterKeys)(text));

const settings = {
  APP_ORIGIN: originSetting("http://threadbox.localhost:3000"),
  CONVEX_URL: addressSetting("http://127.0.0.1:3210"),
  VIEW_BASE_ORIGIN: optional(originSetting("http://sbx.threadbox.localhost:8787")),
  AUTH_ISSUER: textSetting("the issuer of access tokens"),
  AUTH_JWKS_URL: addressSetting("http://127.0.0.1:4100/sso/jwks/client_local"),
  AUTH_AUDIENCE: optional(textSetting("the audience of access tokens")),
  THREAD_TOKEN_JWKS: checkedText((text) => hasMembers(text, ["keys"]), "a JWK set"),
  SERVICE_TOKEN_PRIVATE_JWK: checkedText((text) => hasMembers(text, ["kty", "d", "kid"]), "a private JWK with a kid"),
  SANDBOX_CREDENTIAL_KEY: key,
  SANDBOX_NAME_KEY: key,
  VAULT_KEYS: checkedText(isMasterKeys, "a JWK set of keys of 32 bytes, each with a kid"),
  ...sandboxesSettings,
  CODEMODE_KEY: optional(codemodeKey),
  AGENTPOD_API_TOKEN: optional(apiToken),
  METRICS_TOKEN: optional(metricsToken),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(addressSetting("http://127.0.0.1:4318")),
  OTEL_EXPORTER_OTLP_HEADERS: optional(collectorHeaders),
  SANDBOX_IDLE_MINUTES: withDefault(wholeNumber(1, 9_999, "a whole number of minutes"), "15"),
  MODEL_BASE_URL: optional(addressSetting("https://api.openai.com/v1")),
  MODEL_NAME: optional(textSetting("the model's name")),
  OPENAI_ISSUER_URL: withDefault(addressSetting("https://auth.openai.com"), "https://auth.openai.com"),
  CODEX_URL: withDefault(addressSetting("https://chatgpt.com"), "https://chatgpt.com"),
  MODEL_API_KEY: optional(textSetting("the model provider's key")),
  OPENAI_API_URL: withDefault(addressSetting("https://api.openai.com/v1"), "https://api.openai.com/v1"),
  ANTHROPIC_API_URL: withDefault(addressSetting("https://api.anthropic.com/v1"), "https://api.anthropic.com/v1"),
  MODEL_KEY_HOSTS: withDefault(
    checkedText((text) => text === "none" || hostsPattern.test(text), "hosts such as ollama.internal:11434", true),
    "none",
  ),
};

/** Bindings that are no text (namespaces) are not configuration. */
const textBindings = (env: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1].trim() !== "",
    ),
  );

/** What is needed beside another setting, and is not there. */
const missingTogether = (text: Record<string, string>): readonly string[] => {
  const missing = (key: string, by: string) => (text[key] === undefined ? [`${key} is needed with ${by}`] : []);
  return [
    ...missingForSandboxes(text, missing),
    ...(text.MODEL_BASE_URL === undefined ? [] : missing("MODEL_NAME", "MODEL_BASE_URL")),
  ];
};

const bytesOf = (key: string): Redacted.Redacted<Uint8Array> => Redacted.make(Result.getOrThrow(Base64Url.decode(key)));

const withoutSlash = (url: string): string => url.replace(/\/+$/, "");

/** Convex Cloud wants a word where there is no audience; the same word means the same here. */
const audienceOf = (text: string | undefined): string | null => (text === undefined || text === "none" ? null : text);

const collectorOf = (url: string | undefined, headers = ""): CollectorConfig | null =>
  url === undefined
    ? null
    : {
        url: withoutSlash(url),
        headers: headers.split(",").flatMap((pair) => {
          const at = pair.indexOf("=");
          return at < 0 ? [] : [[pair.slice(0, at).trim(), Redacted.make(pair.slice(at + 1).trim())] as const];
        }),
      };

const hostOf = (url: string): string => new URL(url).host;

/** The operator's own ways are a binding of the machine; hosts of model APIs are in the settings. */
const namedHostsOf = (env: object, modelHosts: readonly string[]): NamedHostsConfig => {
  const egress = "OUTBOUND_HOSTS" in env ? Object.keys(env.OUTBOUND_HOSTS as object) : [];
  return { egress, all: [...new Set([...egress, ...modelHosts])] };
};

/** Decodes the worker's bindings; fails naming all bad keys at once. */
export const decodeConfig = (env: object): Result.Result<WorkerConfigShape, ConfigInvalidError> => {
  const text = textBindings(env);
  const decoded = decodeSettings(settings, text);
  const wrong = Result.isFailure(decoded) ? decoded.failure.map(({ sentence }) => sentence) : [];
  const problems = [...wrong, ...missingTogether(text)];
  if (Result.isFailure(decoded) || problems.length > 0) return Result.fail(new ConfigInvalidError({ problems }));
  const keys = decoded.success;
  const modelKeyHosts = keys.MODEL_KEY_HOSTS === "none" ? [] : keys.MODEL_KEY_HOSTS.toLowerCase().split(/\s*,\s*/);
  return Result.succeed({
    appOrigin: keys.APP_ORIGIN,
    convexUrl: withoutSlash(keys.CONVEX_URL),
    viewBaseOrigin: keys.VIEW_BASE_ORIGIN ?? null,
    accessTokens: {
      issuer: keys.AUTH_ISSUER,
      jwksUrl: keys.AUTH_JWKS_URL,
      audience: audienceOf(keys.AUTH_AUDIENCE),
    },
    threadTokenJwks: keys.THREAD_TOKEN_JWKS,
    serviceTokenPrivateJwk: Redacted.make(keys.SERVICE_TOKEN_PRIVATE_JWK),
    sandboxCredentialKey: bytesOf(keys.SANDBOX_CREDENTIAL_KEY),
    sandboxNameKey: bytesOf(keys.SANDBOX_NAME_KEY),
    vaultKeys: Redacted.make(keys.VAULT_KEYS),
    sandboxIdleMs: keys.SANDBOX_IDLE_MINUTES * 60_000,
    apiToken: keys.AGENTPOD_API_TOKEN === undefined ? null : Redacted.make(keys.AGENTPOD_API_TOKEN),
    metricsToken: keys.METRICS_TOKEN === undefined ? null : Redacted.make(keys.METRICS_TOKEN),
    collector: collectorOf(keys.OTEL_EXPORTER_OTLP_ENDPOINT, keys.OTEL_EXPORTER_OTLP_HEADERS),
    codemodeKey: keys.CODEMODE_KEY === undefined ? null : Redacted.make(keys.CODEMODE_KEY),
    sandboxes: sandboxesOf(keys),
    openAi: { issuerUrl: withoutSlash(keys.OPENAI_ISSUER_URL), codexUrl: withoutSlash(keys.CODEX_URL) },
    model:
      keys.MODEL_BASE_URL === undefined
        ? null
        : {
            baseUrl: withoutSlash(keys.MODEL_BASE_URL),
            name: keys.MODEL_NAME ?? "",
            apiKey: keys.MODEL_API_KEY === undefined ? null : Redacted.make(keys.MODEL_API_KEY),
          },
    ownModels: {
      openAiUrl: withoutSlash(keys.OPENAI_API_URL),
      anthropicUrl: withoutSlash(keys.ANTHROPIC_API_URL),
      hosts: modelKeyHosts,
    },
    namedHosts: namedHostsOf(env, [
      ...modelKeyHosts,
      ...[keys.MODEL_BASE_URL ?? [], keys.OPENAI_API_URL, keys.ANTHROPIC_API_URL].flat().map(hostOf),
    ]),
  });
};

/** A worker without a usable configuration answers every request with an internal error and logs which keys are bad. */
export const configLayer = (env: object): Layer.Layer<WorkerConfig> =>
  Layer.effect(WorkerConfig, Effect.orDie(Effect.fromResult(decodeConfig(env))));
