import { env } from "cloudflare:workers";
import { ThreadId } from "@threadbox/contracts/ids";
import { threadToken } from "@threadbox/contracts/thread-token";
import { Schema } from "effect";
import { importJWK, type JWK, SignJWT } from "jose";

/** Bindings that vitest.config.ts makes for tests, beside those of the worker. */
const TestBindings = Schema.Struct({
  TEST_THREAD_TOKEN_PRIVATE_JWK: Schema.String,
  TEST_ACCESS_TOKEN_PRIVATE_JWK: Schema.String,
  AUTH_ISSUER: Schema.String,
  AUTH_AUDIENCE: Schema.String,
  TEST_SERVICE_TOKEN_PUBLIC_JWK: Schema.String,
  THREAD_TOKEN_JWKS: Schema.String,
  SERVICE_TOKEN_PRIVATE_JWK: Schema.String,
  SANDBOX_CREDENTIAL_KEY: Schema.String,
  SANDBOX_HOST_TOKEN: Schema.String,
  AGENTPOD_API_TOKEN: Schema.String,
  METRICS_TOKEN: Schema.String,
  APP_ORIGIN: Schema.String,
});
export const testBindings = Schema.decodeUnknownSync(TestBindings)(env);

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

let serial = 0;
/** A thread id that no other test uses; `kind` is its beginning, by which the stubbed Convex judges. */
export const newThreadId = (kind: "live" | "gone" | "storedown" | "off" = "live"): ThreadId => {
  serial += 1;
  return ThreadId.make(`${kind}${serial.toString().padStart(4, "0")}${crypto.randomUUID().replaceAll("-", "")}`);
};

export interface TokenShape {
  /** Null leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey | Uint8Array;
}

/** A good token for that thread, but for what `shape` says otherwise. */
export const signToken = async (threadId: string, shape: TokenShape = {}): Promise<string> => {
  const now = nowSeconds();
  const jwk = JSON.parse(testBindings.TEST_THREAD_TOKEN_PRIVATE_JWK) as JWK;
  const claims: Record<string, unknown> = {
    iss: threadToken.issuer,
    aud: threadToken.audience,
    thread_id: threadId,
    // Limits are per user: no test uses up what is another's.
    user_id: `user_of_${threadId}`,
    role: "member",
    iat: now,
    exp: now + threadToken.lifetimeSecondsMax,
    jti: crypto.randomUUID(),
    ...shape.claims,
  };
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
  const header = { alg: threadToken.alg as string, typ: threadToken.typ, kid: jwk.kid ?? "", ...shape.header };
  return new SignJWT(kept).setProtectedHeader(header).sign(shape.key ?? (await importJWK(jwk, threadToken.alg)));
};

/** A good access token of that user, but for what `shape` says otherwise. */
export const signAccessToken = async (userId: string, shape: TokenShape = {}): Promise<string> => {
  const now = nowSeconds();
  const jwk = JSON.parse(testBindings.TEST_ACCESS_TOKEN_PRIVATE_JWK) as JWK;
  const claims: Record<string, unknown> = {
    iss: testBindings.AUTH_ISSUER,
    aud: testBindings.AUTH_AUDIENCE,
    sub: userId,
    role: "member",
    iat: now,
    exp: now + 600,
    ...shape.claims,
  };
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
  const header = { alg: "RS256", typ: "JWT", kid: jwk.kid ?? "", ...shape.header };
  return new SignJWT(kept).setProtectedHeader(header).sign(shape.key ?? (await importJWK(jwk, "RS256")));
};

const encode = (value: unknown): string =>
  btoa(typeof value === "string" ? value : JSON.stringify(value))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** Parts put together by hand, for what no library would sign. */
export const assembleToken = (header: unknown, payload: unknown, signature = ""): string =>
  `${encode(header)}.${encode(payload)}.${signature}`;
