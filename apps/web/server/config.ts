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

export type Environment = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The web server cannot start:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

const originOf = (value: string): string | null => {
  if (!URL.canParse(value)) return null;
  const { origin, protocol } = new URL(value);
  return protocol === "http:" || protocol === "https:" ? origin : null;
};

const isPrivateEs256Jwk = (value: string): boolean => {
  try {
    const jwk: unknown = JSON.parse(value);
    if (typeof jwk !== "object" || jwk === null) return false;
    const field = (name: string) => Reflect.get(jwk, name);
    const isText = (name: string) => typeof field(name) === "string" && field(name) !== "";
    return field("kty") === "EC" && field("crv") === "P-256" && ["x", "y", "d", "kid"].every(isText);
  } catch {
    return false;
  }
};

/** Reads keys and remembers every one that is missing or malformed. Values never appear in a problem. */
class Reader {
  readonly problems: string[] = [];
  readonly #environment: Environment;
  constructor(environment: Environment) {
    this.#environment = environment;
  }

  find(key: string): string | undefined {
    const value = this.#environment[key]?.trim();
    return value === "" ? undefined : value;
  }

  text(key: string): string {
    const value = this.find(key);
    if (value === undefined) this.problems.push(`${key} is not set`);
    return value ?? "";
  }

  origin(key: string): string {
    const value = this.text(key);
    const origin = originOf(value);
    if (value !== "" && origin === null) this.problems.push(`${key} is not an http(s) address`);
    return origin ?? "";
  }

  address(key: string): string {
    const value = this.text(key);
    if (value !== "" && originOf(value) === null) this.problems.push(`${key} is not an http(s) address`);
    return value;
  }

  flag(key: string): boolean {
    const value = this.text(key);
    if (value !== "" && value !== "true" && value !== "false") this.problems.push(`${key} is neither true nor false`);
    return value === "true";
  }

  port(key: string): number | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    const port = Number(value);
    if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
    this.problems.push(`${key} is not a port number`);
    return undefined;
  }

  jwk(key: string): string {
    const value = this.text(key);
    if (value !== "" && !isPrivateEs256Jwk(value)) this.problems.push(`${key} is not a private ES256 JWK with a kid`);
    return value;
  }
}

/** Throws a `ConfigError` that names every bad key at once. */
export const decodeWebConfig = (environment: Environment): WebConfig => {
  const read = new Reader(environment);
  const appOrigin = read.origin("APP_ORIGIN");
  const port = read.port("AUTH_API_PORT");
  const audience = read.find("AUTH_AUDIENCE");
  const viewBaseOrigin = read.find("PUBLIC_VIEW_BASE_ORIGIN") && read.origin("PUBLIC_VIEW_BASE_ORIGIN");
  const config: WebConfig = {
    appOrigin,
    convexUrl: read.address("CONVEX_URL"),
    accessTokens: {
      issuer: read.text("AUTH_ISSUER"),
      jwksUrl: read.address("AUTH_JWKS_URL"),
      ...(audience === undefined ? {} : { audience }),
    },
    threadTokenPrivateJwk: read.jwk("THREAD_TOKEN_PRIVATE_JWK"),
    page: {
      appOrigin,
      workerUrl: read.origin("PUBLIC_WORKER_URL"),
      convexUrl: read.address("PUBLIC_CONVEX_URL"),
      ...(viewBaseOrigin ? { viewBaseOrigin } : {}),
      auth: {
        clientId: read.text("AUTH_CLIENT_ID"),
        apiHostname: read.text("AUTH_API_HOSTNAME"),
        ...(port === undefined ? {} : { port }),
        https: read.flag("AUTH_API_HTTPS"),
        devMode: read.flag("AUTH_DEV_MODE"),
      },
    },
  };
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
};

/** The configuration of this process; under `vite dev` nobody else could hand one in. */
export const processConfig = (): WebConfig => decodeWebConfig(process.env);
