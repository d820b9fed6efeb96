import type { JSONValue } from "convex/values";
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";
import { Fault, messageOf } from "../faults.ts";
import { identityFromCustomJwt, identityFromOidc, type UserIdentity } from "./identity.ts";

/** Clock difference between issuer and server that is forgiven, in seconds. */
const clockToleranceSeconds = 5;

interface Provider {
  /** With scheme, without trailing slash. */
  readonly issuer: string;
  readonly applicationId: string | undefined;
  readonly algorithms: readonly string[];
  readonly keys: JWTVerifyGetKey;
  readonly toIdentity: (claims: Record<string, unknown>, token: string) => UserIdentity;
}

/** Convex's name for what is wrong with a token, and a sentence. */
const unauthenticated = (code: string, message: string): Fault => new Fault("Unauthenticated", message, { code });

/** Failures that say something about the keys' address instead of the token: the same token may be good later. */
const isKeyProblem = (cause: unknown): boolean =>
  !(cause instanceof errors.JOSEError) || cause instanceof errors.JWKSTimeout || cause.code === "ERR_JOSE_GENERIC";

const normalizedIssuer = (issuer: string): string => {
  const withScheme = /^https?:\/\//.test(issuer) ? issuer : `https://${issuer}`;
  return withScheme.replace(/\/+$/, "");
};

/** The key set at an address, or the one that a `data:` URI holds. */
const readKeySet = (jwks: string): JWTVerifyGetKey => {
  if (!jwks.startsWith("data:")) return createRemoteJWKSet(new URL(jwks));
  const comma = jwks.indexOf(",");
  const body = jwks.slice(comma + 1);
  const isBase64 = jwks.slice(0, comma).endsWith(";base64");
  return createLocalJWKSet(JSON.parse(isBase64 ? Buffer.from(body, "base64").toString() : decodeURIComponent(body)));
};

/** A key set that cannot be read is told to whoever comes with a token, and keeps no server from starting. */
const keySet = (jwks: string): JWTVerifyGetKey => {
  try {
    return readKeySet(jwks);
  } catch (cause) {
    const message = `Invalid JWKS of a provider in auth.config: ${messageOf(cause)}`;
    return async () => {
      throw unauthenticated("InvalidAuthHeader", message);
    };
  }
};

/** Finds the key set of an OpenID provider when it is first needed; a failure is tried again. */
const discoveredKeySet = (issuer: string): JWTVerifyGetKey => {
  let keys: Promise<JWTVerifyGetKey> | null = null;
  const discover = async (): Promise<JWTVerifyGetKey> => {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`Auth provider discovery of ${issuer} failed: ${response.status}`);
    const { jwks_uri } = (await response.json()) as { jwks_uri?: unknown };
    return keySet(String(jwks_uri));
  };
  return async (header, input) => {
    keys ??= discover();
    try {
      return (await keys)(header, input);
    } catch (cause) {
      keys = null;
      throw cause;
    }
  };
};

/** Convex finds the key of a custom JWT by its `kid`, which the token has to name. */
const requireKeyId = ({ toIdentity }: Provider, token: string): void => {
  if (toIdentity !== identityFromCustomJwt || decodeProtectedHeader(token).kid !== undefined) return;
  throw unauthenticated("InvalidAuthHeader", "Could not decode token: the header of the JWT has no kid.");
};

const requireIssued = (issuedAt: number | undefined, now: Date): void => {
  if (issuedAt === undefined || issuedAt <= now.getTime() / 1000 + clockToleranceSeconds) return;
  throw unauthenticated(
    "InvalidAuthHeader",
    "Could not verify token: it was issued in the future (iat); timing issues?",
  );
};

const describeProvider = ({ toIdentity, issuer, applicationId = "none" }: Provider): string =>
  `${toIdentity === identityFromCustomJwt ? "CustomJWT" : "OIDC"}(issuer=${issuer}, app_id=${applicationId})`;

type ProviderJson = { readonly [key: string]: JSONValue };

const text = (provider: ProviderJson, key: string): string => {
  const value = provider[key];
  if (typeof value !== "string" || value === "") {
    throw new Fault("InvalidRequest", `auth.config: a provider has no ${key}. Is an environment variable missing?`);
  }
  return value;
};

const parseProvider = (json: JSONValue): Provider => {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Fault("InvalidRequest", "auth.config: a provider is not an object.");
  }
  const applicationId =
    typeof json.applicationID === "string" && json.applicationID !== "" ? json.applicationID : undefined;
  if (json.type === "customJwt") {
    const algorithm = text(json, "algorithm");
    if (algorithm !== "RS256" && algorithm !== "ES256") {
      throw new Fault("InvalidRequest", `auth.config: algorithm ${algorithm} is neither RS256 nor ES256.`);
    }
    const issuer = normalizedIssuer(text(json, "issuer"));
    const keys = keySet(text(json, "jwks"));
    return { issuer, applicationId, algorithms: [algorithm], keys, toIdentity: identityFromCustomJwt };
  }
  const issuer = normalizedIssuer(text(json, "domain"));
  return {
    issuer,
    applicationId: text(json, "applicationID"),
    algorithms: ["RS256", "EdDSA"],
    keys: discoveredKeySet(issuer),
    toIdentity: identityFromOidc,
  };
};

const listOf = (audience: unknown): readonly unknown[] => (Array.isArray(audience) ? audience : [audience]);

/** Verifies tokens against the providers of `auth.config.ts`. */
export class AuthVerifier {
  readonly #providers: readonly Provider[];

  /** `config` is the default export of `auth.config.ts`, or null. Throws a fault that names the first mistake. */
  constructor(config: JSONValue) {
    const providers =
      typeof config === "object" && config !== null && !Array.isArray(config) ? config.providers : undefined;
    this.#providers = Array.isArray(providers) ? providers.map(parseProvider) : [];
  }

  /**
   * Throws an Unauthenticated fault unless a configured provider vouches for the token at this time, and an
   * AuthUnavailable fault when the provider's keys cannot be had.
   */
  async verify(token: string, now: Date = new Date()): Promise<UserIdentity> {
    const provider = this.#providerOf(token);
    requireKeyId(provider, token);
    try {
      const { payload } = await jwtVerify(token, provider.keys, {
        algorithms: [...provider.algorithms],
        requiredClaims: ["sub", "iss", "exp", "iat"],
        clockTolerance: clockToleranceSeconds,
        currentDate: now,
        ...(provider.applicationId === undefined ? {} : { audience: provider.applicationId }),
      });
      requireIssued(payload.iat, now);
      return provider.toIdentity(payload, token);
    } catch (cause) {
      if (cause instanceof Fault) throw cause;
      if (isKeyProblem(cause)) {
        throw new Fault("AuthUnavailable", `The keys of ${provider.issuer} cannot be read: ${messageOf(cause)}`);
      }
      throw unauthenticated("InvalidAuthHeader", `Could not decode token: ${messageOf(cause)}`);
    }
  }

  #providerOf(token: string): Provider {
    let claims: ReturnType<typeof decodeJwt>;
    try {
      claims = decodeJwt(token);
    } catch {
      throw unauthenticated(
        "InvalidAuthHeader",
        "Could not parse JWT payload. Check that the token is a valid JWT of three base64-encoded parts.",
      );
    }
    const issuer = typeof claims.iss === "string" ? normalizedIssuer(claims.iss) : "";
    const provider = this.#providers.find(
      (candidate) =>
        candidate.issuer === issuer &&
        (candidate.applicationId === undefined || listOf(claims.aud).includes(candidate.applicationId)),
    );
    if (provider === undefined) {
      const configured = this.#providers.map(describeProvider).join(", ");
      throw unauthenticated(
        "NoAuthProvider",
        `No auth provider found matching the given token. Check auth.config; configured providers: ${configured || "none"}.`,
      );
    }
    return provider;
  }
}
