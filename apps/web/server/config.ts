import {
  addressSetting,
  checkedText,
  decodeSettings,
  type Environment,
  flagSetting,
  optional,
  originSetting,
  portSetting,
  type Settings,
  textSetting,
  withDefault,
} from "@threadbox/contracts/settings";
import * as Result from "effect/Result";
import * as Schema from "effect/Schema";

/** Everything the web server is told from outside. Decoded once, at the door. */
export interface WebConfig {
  /** The page's own origin; every other host is sent there. */
  readonly appOrigin: string;
  /** Where servers find Convex. */
  readonly convexUrl: string;
  readonly accessTokens: AccessTokenRules;
  /** ES256 private JWK with a `kid`, which signs thread tokens. */
  readonly threadTokenPrivateJwk: string;
  readonly page: PageConfig;
}

/** How access tokens of the identity provider are verified. */
export interface AccessTokenRules {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Absent where the provider sets none. */
  readonly audience?: string;
}

/** The part that the browser is told. Nothing else of the configuration leaves the server. */
export interface PageConfig {
  readonly appOrigin: string;
  readonly workerUrl: string;
  readonly convexUrl: string;
  /** Every view of a sandbox has an origin of its own below this one's host; absent where there are none. */
  readonly viewBaseOrigin?: string;
  readonly auth: {
    readonly clientId: string;
    readonly apiHostname: string;
    readonly port?: number;
    readonly https: boolean;
    /** The session lives in this origin's storage and not in a cookie of the provider. */
    readonly devMode: boolean;
  };
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The web server cannot start:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

const PrivateEs256Jwk = Schema.fromJsonString(
  Schema.Struct({
    kty: Schema.Literal("EC"),
    crv: Schema.Literal("P-256"),
    x: Schema.NonEmptyString,
    y: Schema.NonEmptyString,
    d: Schema.NonEmptyString,
    kid: Schema.NonEmptyString,
  }),
);
const isPrivateEs256Jwk = (text: string): boolean =>
  Result.isSuccess(Schema.decodeUnknownResult(PrivateEs256Jwk)(text));

const settings = {
  APP_ORIGIN: originSetting("http://threadbox.localhost:3000"),
  CONVEX_URL: addressSetting("http://127.0.0.1:3210"),
  AUTH_ISSUER: textSetting("the issuer of access tokens"),
  AUTH_JWKS_URL: addressSetting("http://127.0.0.1:4100/sso/jwks/client_local"),
  AUTH_AUDIENCE: optional(textSetting("the audience of access tokens")),
  THREAD_TOKEN_PRIVATE_JWK: checkedText(isPrivateEs256Jwk, "a private ES256 JWK with a kid"),
  PUBLIC_WORKER_URL: originSetting("http://localhost:8787"),
  PUBLIC_CONVEX_URL: addressSetting("http://localhost:3210"),
  PUBLIC_VIEW_BASE_ORIGIN: optional(originSetting("http://sbx.threadbox.localhost:8787")),
  AUTH_CLIENT_ID: textSetting("the client id at the identity provider"),
  AUTH_API_HOSTNAME: textSetting("the host name of the identity provider"),
  AUTH_API_PORT: optional(portSetting()),
  AUTH_API_HTTPS: flagSetting,
  AUTH_DEV_MODE: flagSetting,
};

const decode = <T extends Settings>(table: T, environment: Environment) => {
  const decoded = decodeSettings(table, environment);
  if (Result.isSuccess(decoded)) return decoded.success;
  throw new ConfigError(decoded.failure.map(({ sentence }) => sentence));
};

/** Throws a `ConfigError` that names every bad key at once. */
export const decodeWebConfig = (environment: Environment): WebConfig => {
  const given = decode(settings, environment);
  return {
    appOrigin: given.APP_ORIGIN,
    convexUrl: given.CONVEX_URL,
    accessTokens: {
      issuer: given.AUTH_ISSUER,
      jwksUrl: given.AUTH_JWKS_URL,
      ...(given.AUTH_AUDIENCE === undefined ? {} : { audience: given.AUTH_AUDIENCE }),
    },
    threadTokenPrivateJwk: given.THREAD_TOKEN_PRIVATE_JWK,
    page: {
      appOrigin: given.APP_ORIGIN,
      workerUrl: given.PUBLIC_WORKER_URL,
      convexUrl: given.PUBLIC_CONVEX_URL,
      ...(given.PUBLIC_VIEW_BASE_ORIGIN === undefined ? {} : { viewBaseOrigin: given.PUBLIC_VIEW_BASE_ORIGIN }),
      auth: {
        clientId: given.AUTH_CLIENT_ID,
        apiHostname: given.AUTH_API_HOSTNAME,
        ...(given.AUTH_API_PORT === undefined ? {} : { port: given.AUTH_API_PORT }),
        https: given.AUTH_API_HTTPS === "true",
        devMode: given.AUTH_DEV_MODE === "true",
      },
    },
  };
};

/** The port of the Node process, 0 for a free one. Throws a `ConfigError`. */
export const decodePort = (environment: Environment): number =>
  decode({ PORT: withDefault(portSetting(0), "3000") }, environment).PORT;

/** The configuration of this process; under `vite dev` nobody else could hand one in. */
export const processConfig = (): WebConfig => decodeWebConfig(process.env);
