import { ThreadId, UserId } from "@threadbox/contracts/ids";
import { threadToken } from "@threadbox/contracts/thread-token";
import { Schema } from "effect";
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
} from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { webEnvironment } from "../config.testing.ts";
import { verifyAccess } from "./access-token.ts";
import { type IssuePorts, issueThreadToken } from "./issue.ts";
import { TokenRefusal } from "./refusal.ts";

const rules = { issuer: "http://localhost:4100", jwksUrl: "http://localhost:4100/jwks", audience: "client_local" };
const own = Schema.decodeSync(ThreadId)("jd7d2w8q6t0f4k9x3m5p1s8v2z6b0c4h");
const anna = Schema.decodeSync(UserId)("user_anna");
const { d: _, ...publicJwk } = JSON.parse(webEnvironment.THREAD_TOKEN_PRIVATE_JWK);

let provider: CryptoKeyPair;
let stranger: CryptoKeyPair;
let ports: IssuePorts;

const accessToken = (changes: Record<string, unknown> = {}, key: CryptoKey = provider.privateKey, alg = "RS256") =>
  new SignJWT({ sub: anna, iss: rules.issuer, aud: rules.audience, role: "admin", ...changes })
    .setProtectedHeader({ alg, kid: "provider", typ: "JWT" })
    .setIssuedAt()
    .setExpirationTime("1 hour")
    .sign(key);

const issueWith = async (token: string, threadId: unknown = own) =>
  issueThreadToken({ threadId, authorization: `Bearer ${token}` }, ports);

const refusalOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof TokenRefusal ? error.tag : error;
};

beforeAll(async () => {
  provider = await generateKeyPair("RS256", { extractable: true });
  stranger = await generateKeyPair("RS256", { extractable: true });
  const keys = createLocalJWKSet({
    keys: [{ ...(await exportJWK(provider.publicKey)), kid: "provider", alg: "RS256" }],
  });
  ports = {
    verifyAccess: (authorization) => verifyAccess(authorization, rules, keys),
    requireThread: async (_token, threadId) => {
      if (threadId !== own) throw new TokenRefusal("NotFound", "This thread doesn't exist, or you don't have access.");
    },
    privateJwk: webEnvironment.THREAD_TOKEN_PRIVATE_JWK,
    now: Date.now,
  };
});

describe("a thread token", () => {
  test("names the thread, the user and the role, is signed ES256 with the key's kid, and lives 300 s", async () => {
    const issued = await issueWith(await accessToken());
    const { payload } = await jwtVerify(issued.token, await importJWK(publicJwk, "ES256"), {
      issuer: threadToken.issuer,
      audience: threadToken.audience,
      typ: threadToken.typ,
    });
    expect(decodeProtectedHeader(issued.token)).toEqual({ alg: "ES256", typ: "thread+jwt", kid: "test" });
    expect(payload).toEqual({
      iss: threadToken.issuer,
      aud: threadToken.audience,
      thread_id: own,
      user_id: anna,
      role: "admin",
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 300,
      jti: expect.any(String),
    });
    expect(issued.expiresInSeconds).toBe(300);
  });

  test("gives nobody a role that the access token does not name", async () => {
    const issued = await issueWith(await accessToken({ role: "owner" }));
    expect(JSON.parse(atob(issued.token.split(".")[1] ?? "")).role).toBe("member");
  });

  test("is refused for a thread that is not the user's", async () => {
    expect(await refusalOf(issueWith(await accessToken(), "jd7d2w8q6t0f4k9x3m5p1s8v2z6b0c4z"))).toBe("NotFound");
  });

  test.each([["../b1"], ["a1%2F..%2Fb1"], [""], [{ threadId: own }], [null]])(
    "is refused for %j, which is no thread id",
    async (threadId) => {
      expect(await refusalOf(issueWith(await accessToken(), threadId))).toBe("ValidationError");
    },
  );
});

describe("an access token", () => {
  test("that is missing or malformed is refused before any key is looked at", async () => {
    const refusal = (authorization: string | null) =>
      refusalOf(issueThreadToken({ threadId: own, authorization }, ports));
    expect(await refusal(null)).toBe("TokenMissing");
    for (const value of ["", "Bearer", "Bearer a.b", "Basic YTpi", "Bearer a.b.c.d", `Bearer a.${"b".repeat(9000)}.c`])
      expect(await refusal(value)).toBe("TokenMalformed");
  });

  test("that is expired says so, so that the page renews it", async () => {
    const past = Math.floor(Date.now() / 1000) - 60;
    const token = await new SignJWT({ sub: anna, iss: rules.issuer, aud: rules.audience })
      .setProtectedHeader({ alg: "RS256", kid: "provider" })
      .setIssuedAt(past - 3600)
      .setExpirationTime(past)
      .sign(provider.privateKey);
    expect(await refusalOf(issueWith(token))).toBe("TokenExpired");
  });

  test.each([
    ["of another issuer", { iss: "https://evil.test" }],
    ["for another audience", { aud: "threadbox-worker" }],
    ["without a subject", { sub: undefined }],
    ["with a subject of another form", { sub: "../anna" }],
  ])("%s is refused", async (_name, changes) => {
    expect(await refusalOf(issueWith(await accessToken(changes)))).toBe("TokenInvalid");
  });

  test("signed by a stranger, or not at all, is refused", async () => {
    expect(await refusalOf(issueWith(await accessToken({}, stranger.privateKey)))).toBe("TokenInvalid");
    const [, payload] = (await accessToken()).split(".");
    expect(await refusalOf(issueWith(`${btoa('{"alg":"none"}').replaceAll("=", "")}.${payload}.x`))).toBe(
      "TokenInvalid",
    );
  });

  test("is not what a thread token is", async () => {
    const { token } = await issueWith(await accessToken());
    expect(await refusalOf(issueWith(token))).toBe("TokenInvalid");
  });
});
