import { Context, Effect, Layer, Redacted, Result, Schema, SchemaIssue } from "effect";
import { Base64Url } from "effect/encoding";

/**
 * The worker's configuration: decoded once from the bindings, handed in everywhere else. Required:
 * APP_ORIGIN, CONVEX_URL, AUTH_ISSUER, AUTH_JWKS_URL, THREAD_TOKEN_JWKS, SERVICE_TOKEN_PRIVATE_JWK, SANDBOX_CREDENTIAL_KEY, SANDBOX_NAME_KEY,
 * VAULT_KEYS, SANDBOX_PROVIDER; with `local` also SANDBOX_HOST_URL and SANDBOX_HOST_TOKEN; with MODEL_BASE_URL also MODEL_NAME.
 * Optional: VIEW_BASE_ORIGIN, AUTH_AUDIENCE, MODEL_BASE_URL, MODEL_API_KEY, MODEL_NAME, SANDBOX_IDLE_MINUTES (15).
 */
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
  readonly sandboxes: SandboxesConfig;
  /** Null: the demo model answers. */
  readonly model: ModelConfig | null;
}

/** How the login session's access tokens are verified. */
export interface AccessTokensConfig {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Null: the identity provider names no audience. */
  readonly audience: string | null;
}

export type SandboxesConfig =
  | { readonly provider: "local"; readonly hostUrl: string; readonly hostToken: Redacted.Redacted<string> }
  | { readonly provider: "cloudflare" };

export interface ModelConfig {
  /** Without a trailing slash; `/chat/completions` is appended. */
  readonly baseUrl: string;
  readonly name: string;
  readonly apiKey: Redacted.Redacted<string> | null;
}

export class WorkerConfig extends Context.Service<WorkerConfig, WorkerConfigShape>()("threadbox/worker/WorkerConfig") {}

/** Names every key that is missing or malformed, and never a value. */
export class ConfigInvalidError extends Schema.TaggedError<ConfigInvalidError>()("ConfigInvalidError", {
  problems: Schema.Array(Schema.String),
}) {
  override get message() {
    return `The worker's configuration is not usable: ${this.problems.join("; ")}.`;
  }
}

const parses = (text: string, accept: (url: URL) => boolean): boolean => {
  const url = URL.parse(text);
  return url !== null && accept(url);
};
const isHttp = (url: URL) => url.protocol === "http:" || url.protocol === "https:";
const hasMembers = (text: string, members: readonly string[]): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && members.every((member) => member in value);
  } catch {
    return false;
  }
};

const HttpUrl = Schema.String.check(Schema.makeFilter((text: string) => parses(text, isHttp)));
const Origin = Schema.String.check(Schema.makeFilter((text: string) => parses(text, (url) => url.origin === text)));
const jsonWith = (...members: string[]) =>
  Schema.String.check(Schema.makeFilter((text: string) => hasMembers(text, members)));
const Key = Schema.String.check(
  Schema.makeFilter((text: string) =>
    Result.match(Base64Url.decode(text), { onFailure: () => false, onSuccess: (bytes) => bytes.length === 32 }),
  ),
);

const MasterKeys = Schema.fromJsonString(
  Schema.Struct({
    keys: Schema.NonEmptyArray(Schema.Struct({ kty: Schema.Literal("oct"), kid: Schema.NonEmptyString, k: Key })),
  }),
);
const isMasterKeys = (text: string): boolean => Result.isSuccess(Schema.decodeUnknownResult(MasterKeys)(text));

const Bindings = Schema.Struct({
  APP_ORIGIN: Origin,
  CONVEX_URL: HttpUrl,
  VIEW_BASE_ORIGIN: Schema.optionalKey(Origin),
  AUTH_ISSUER: Schema.NonEmptyString,
  AUTH_JWKS_URL: HttpUrl,
  AUTH_AUDIENCE: Schema.optionalKey(Schema.String),
  THREAD_TOKEN_JWKS: jsonWith("keys"),
  SERVICE_TOKEN_PRIVATE_JWK: jsonWith("kty", "d", "kid"),
  SANDBOX_CREDENTIAL_KEY: Key,
  SANDBOX_NAME_KEY: Key,
  VAULT_KEYS: Schema.String.check(Schema.makeFilter(isMasterKeys)),
  SANDBOX_PROVIDER: Schema.Literals(["local", "cloudflare"]),
  SANDBOX_HOST_URL: Schema.optionalKey(HttpUrl),
  SANDBOX_HOST_TOKEN: Schema.optionalKey(Schema.String.check(Schema.isMinLength(16))),
  SANDBOX_IDLE_MINUTES: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^[1-9]\d{0,3}$/))),
  MODEL_BASE_URL: Schema.optionalKey(HttpUrl),
  MODEL_NAME: Schema.optionalKey(Schema.String),
  MODEL_API_KEY: Schema.optionalKey(Schema.String),
});

const decodeBindings = Schema.decodeUnknownResult(Bindings, { errors: "all" });
const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1();

const sandboxIdleMinutesDefault = "15";

/** An empty value means "not given"; bindings that are no text (namespaces) are not configuration. */
const textBindings = (env: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1].trim() !== "",
    ),
  );

const missingTogether = (text: Record<string, string>): string[] => [
  ...(text.SANDBOX_PROVIDER === "local" ? ["SANDBOX_HOST_URL", "SANDBOX_HOST_TOKEN"] : []),
  ...(text.MODEL_BASE_URL === undefined ? [] : ["MODEL_NAME"]),
];

const problemsOf = (text: Record<string, string>, error: Schema.SchemaError | null): string[] => {
  const keys = error === null ? [] : issuesOf(error.issue).issues.map(({ path }) => String(path?.[0]));
  const describe = (key: string) => `${key} is ${text[key] === undefined ? "missing" : "malformed"}`;
  const together = missingTogether(text).filter((key) => text[key] === undefined);
  return [...new Set([...keys, ...together])].map(describe);
};

const bytesOf = (key: string): Redacted.Redacted<Uint8Array> => Redacted.make(Result.getOrThrow(Base64Url.decode(key)));

const withoutSlash = (url: string): string => url.replace(/\/+$/, "");

/** Convex Cloud wants a word where there is no audience; the same word means the same here. */
const audienceOf = (text: string | undefined): string | null => (text === undefined || text === "none" ? null : text);

/** Decodes the worker's bindings; fails naming all bad keys at once. */
export const decodeConfig = (env: object): Result.Result<WorkerConfigShape, ConfigInvalidError> => {
  const text = textBindings(env);
  const decoded = decodeBindings(text);
  const problems = problemsOf(text, Result.isFailure(decoded) ? decoded.failure : null);
  if (Result.isFailure(decoded) || problems.length > 0) return Result.fail(new ConfigInvalidError({ problems }));
  const keys = decoded.success;
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
    sandboxIdleMs: Number(keys.SANDBOX_IDLE_MINUTES ?? sandboxIdleMinutesDefault) * 60_000,
    sandboxes:
      keys.SANDBOX_PROVIDER === "local"
        ? {
            provider: "local",
            hostUrl: withoutSlash(keys.SANDBOX_HOST_URL ?? ""),
            hostToken: Redacted.make(keys.SANDBOX_HOST_TOKEN ?? ""),
          }
        : { provider: "cloudflare" },
    model:
      keys.MODEL_BASE_URL === undefined
        ? null
        : {
            baseUrl: withoutSlash(keys.MODEL_BASE_URL),
            name: keys.MODEL_NAME ?? "",
            apiKey: keys.MODEL_API_KEY === undefined ? null : Redacted.make(keys.MODEL_API_KEY),
          },
  });
};

/** A worker without a usable configuration answers every request with an internal error and logs which keys are bad. */
export const configLayer = (env: object): Layer.Layer<WorkerConfig> =>
  Layer.effect(WorkerConfig, Effect.orDie(Effect.fromResult(decodeConfig(env))));
