import { env, exports } from "cloudflare:workers";
import type { ErrorTag } from "@threadbox/contracts/errors";
import { accessToken } from "@threadbox/contracts/viewer";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Effect, Schema } from "effect";
import { createRemoteJWKSet, customFetch, exportJWK, generateKeyPair, importJWK } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { handleRequest } from "../../app.ts";
import { observe } from "../../testing/observe.testing.ts";
import {
  assembleToken,
  newThreadId,
  nowSeconds,
  signAccessToken,
  signToken,
  testBindings,
} from "../../testing/tokens.testing.ts";
import { makeAccessTokens } from "./access-token.ts";

const origin = testBindings.APP_ORIGIN;
const isWireError = Schema.is(WireErrorBody);
let serial = 0;
/** Limits are per user: no test uses up what is another's. */
const newUser = (): string => {
  serial += 1;
  return `user_door_${serial}`;
};

const ask = (path: string, authorization: string | null) =>
  exports.default.fetch(`http://worker.test${path}`, {
    headers: { origin, ...(authorization === null ? {} : { authorization }) },
  });
const tagOf = async (response: Response): Promise<string> => {
  const body: unknown = await response.json();
  return isWireError(body) ? body.error._tag : "opened";
};
const me = async (token: string): Promise<string> => tagOf(await ask("/api/me", `Bearer ${token}`));

beforeAll(async () => {
  await ask("/health", null);
});

describe("the users' door", () => {
  test("tells people who they are, on the page's origin", async () => {
    const userId = newUser();
    const response = await ask("/api/me", `Bearer ${await signAccessToken(userId, { claims: { role: "admin" } })}`);
    expect(await response.json()).toEqual({ userId, role: "admin" });
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
  });

  test("takes whoever is not called an admin for a member", async () => {
    for (const role of [null, "root", "Admin", ["admin"], { admin: true }]) {
      const response = await ask("/api/me", `Bearer ${await signAccessToken(newUser(), { claims: { role } })}`);
      expect(await response.json()).toMatchObject({ role: "member" });
    }
  });

  const claims = (changed: Record<string, unknown>) => () => signAccessToken(newUser(), { claims: changed });
  const header = (changed: Record<string, unknown>) => () => signAccessToken(newUser(), { header: changed });
  const publicJwk = () => {
    const {
      d: _d,
      p: _p,
      q: _q,
      dp: _dp,
      dq: _dq,
      qi: _qi,
      ...jwk
    } = JSON.parse(testBindings.TEST_ACCESS_TOKEN_PRIVATE_JWK);
    return jwk as Record<string, unknown>;
  };
  const good = { iss: testBindings.AUTH_ISSUER, aud: testBindings.AUTH_AUDIENCE, sub: "user_x", role: "admin" };

  /** Signed by the provider's own key, whatever the bytes say. */
  const signedText = async (head: string, body: string): Promise<string> => {
    const key = await importJWK(JSON.parse(testBindings.TEST_ACCESS_TOKEN_PRIVATE_JWK), "RS256");
    const unsigned = assembleToken(head, body).slice(0, -1);
    const bytes = new TextEncoder().encode(unsigned);
    const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key as CryptoKey, bytes);
    const text = btoa(String.fromCharCode(...new Uint8Array(signature)));
    return `${unsigned}.${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
  };
  const goodHead = '{"alg":"RS256","kid":"identity-1"}';
  const goodBody = () => JSON.stringify({ ...good, iat: nowSeconds(), exp: nowSeconds() + 60 });

  test("opens to a token put together by hand that has one reading", async () => {
    expect(await me(await signedText(goodHead, goodBody()))).toBe("opened");
  });

  test.each<[string, () => Promise<string> | string, ErrorTag]>([
    [
      "with another key",
      async () => signAccessToken(newUser(), { key: (await generateKeyPair("RS256")).privateKey }),
      "TokenInvalid",
    ],
    [
      "with an algorithm of its own",
      async () =>
        signAccessToken(newUser(), { header: { alg: "ES256" }, key: (await generateKeyPair("ES256")).privateKey }),
      "TokenInvalid",
    ],
    [
      "keyed with the published key",
      () =>
        signAccessToken(newUser(), {
          header: { alg: "HS256" },
          key: new TextEncoder().encode(JSON.stringify(publicJwk())),
        }),
      "TokenInvalid",
    ],
    [
      "with no signature",
      () => assembleToken({ alg: "none", kid: "identity-1" }, { ...good, exp: nowSeconds() + 60 }),
      "TokenMalformed",
    ],
    ["of a kid nobody has", header({ kid: "identity-2" }), "TokenInvalid"],
    ["without a kid", header({ kid: undefined }), "TokenInvalid"],
    ["of another type", header({ typ: "thread+jwt" }), "TokenInvalid"],
    ["with a key of its own", header({ jwk: { kty: "RSA" } }), "TokenInvalid"],
    ["with the address of keys of its own", header({ jku: "http://evil.test/jwks" }), "TokenInvalid"],
    ["of another issuer", claims({ iss: "http://evil.test" }), "TokenInvalid"],
    ["for another audience", claims({ aud: "client_other" }), "TokenInvalid"],
    ["for no audience", claims({ aud: null }), "TokenInvalid"],
    ["of nobody", claims({ sub: null }), "TokenInvalid"],
    ["of a user whose name is a path", claims({ sub: "../admin" }), "TokenInvalid"],
    ["that has expired", claims({ iat: nowSeconds() - 600, exp: nowSeconds() - 1 }), "TokenExpired"],
    ["without an end", claims({ exp: null }), "TokenInvalid"],
    ["without a beginning", claims({ iat: null }), "TokenInvalid"],
    ["from the future", claims({ iat: nowSeconds() + 120, exp: nowSeconds() + 600 }), "TokenInvalid"],
    ["longer than 8 kB", claims({ padding: "x".repeat(accessToken.sizeBytesMax) }), "TokenMalformed"],
    ["that is a thread's", () => signToken(newThreadId()), "TokenInvalid"],
    ["that is no token", () => "abc", "TokenMalformed"],
    [
      "with a claim twice",
      async () => signedText(goodHead, goodBody().replace("{", '{"role":"member",')),
      "TokenInvalid",
    ],
    [
      "with a header field twice",
      async () => signedText('{"alg":"RS256","alg":"RS256","kid":"identity-1"}', goodBody()),
      "TokenInvalid",
    ],
    [
      "with critical extensions",
      async () => signedText('{"alg":"RS256","kid":"identity-1","crit":["exp"]}', goodBody()),
      "TokenInvalid",
    ],
    ["with white space inside", async () => signedText(goodHead, `${goodBody()} `), "TokenInvalid"],
  ])("stays shut for a token %s", async (_, token, tag) => {
    const { strangers } = await observe("");
    expect(await me(await token())).toBe(tag);
    expect((await observe("")).strangers).toBe(strangers);
  });

  test.each([
    ["nothing", null, "TokenMissing"],
    ["a basic credential", "Basic YTpi", "TokenMalformed"],
    ["two tokens", "Bearer a.b.c, Bearer a.b.c", "TokenMalformed"],
  ])("stays shut for %s", async (_, authorization, tag) => {
    expect(await tagOf(await ask("/api/me", authorization))).toBe(tag);
  });

  test("slows down whoever asks too often, and nobody else", async () => {
    const [busy, calm] = [newUser(), newUser()];
    const limit = async ({ key }: { key: string }) => ({ success: key !== `read:${busy}` });
    const limited = { ...env, USER_READS: { limit } } as Env;
    const askAs = async (userId: string) => {
      const headers = { origin, authorization: `Bearer ${await signAccessToken(userId)}` };
      return tagOf(await handleRequest(new Request("http://worker.test/api/me", { headers }), limited));
    };
    expect(await askAs(busy)).toBe("RateLimited");
    expect(await askAs(calm)).toBe("opened");
  });
});

describe("an admin's door", () => {
  const askHealth = async (claims: Record<string, unknown>) =>
    ask("/api/admin/health", `Bearer ${await signAccessToken(newUser(), { claims })}`);

  test("opens to an admin who has signed in lately", async () => {
    const response = await askHealth({ role: "admin" });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      version: expect.any(String),
      sandboxProvider: "local",
      outbox: { owed: expect.any(Number), setAside: expect.any(Number) },
    });
  });

  test("stays shut for members, and for admins whose sign-in is long ago", async () => {
    const hourAgo = nowSeconds() - accessToken.recentSecondsMax - 5;
    expect(await tagOf(await askHealth({ role: "member" }))).toBe("Forbidden");
    expect(await tagOf(await askHealth({ role: "admin", iat: hourAgo }))).toBe("ReauthRequired");
    expect(await tagOf(await askHealth({ role: "admin", auth_time: hourAgo }))).toBe("ReauthRequired");
    expect((await askHealth({ role: "admin", auth_time: hourAgo + 60 })).status).toBe(200);
    expect(await tagOf(await ask("/api/admin/health", null))).toBe("TokenMissing");
  });
});

describe("the identity provider's keys", () => {
  const rules = { issuer: testBindings.AUTH_ISSUER, jwksUrl: "http://keys.test/jwks", audience: null };
  const tokensAsking = (answer: () => Promise<Response>) => {
    let asked = 0;
    const keys = createRemoteJWKSet(new URL(rules.jwksUrl), {
      [customFetch]: () => {
        asked += 1;
        return answer();
      },
    });
    const { verify } = makeAccessTokens(rules, keys);
    const outcome = (token: string) =>
      Effect.runPromise(
        Effect.match(verify(token), { onSuccess: () => "opened", onFailure: ({ wireTag }) => wireTag as string }),
      );
    return { outcome, asked: () => asked };
  };

  test("are asked for once", async () => {
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: "identity-1" };
    const { outcome, asked } = tokensAsking(async () => Response.json({ keys: [jwk] }));
    for (let n = 0; n < 3; n++) {
      expect(await outcome(await signAccessToken(newUser(), { key: privateKey }))).toBe("opened");
    }
    expect(asked()).toBe(1);
  });

  test.each<[string, () => Promise<Response>]>([
    ["cannot be reached", () => Promise.reject(new TypeError("connection refused"))],
    ["are refused", async () => new Response("no", { status: 503 })],
    ["are no keys", async () => Response.json({ keys: "none" })],
    ["are no JSON", async () => new Response("<html>")],
  ])("that %s are the provider's failure, not the token's", async (_, answer) => {
    expect(await tokensAsking(answer).outcome(await signAccessToken(newUser()))).toBe("UpstreamError");
  });

  test("are not asked for on behalf of a token that is refused for its shape", async () => {
    const { outcome, asked } = tokensAsking(async () => Response.json({ keys: [] }));
    expect(await outcome(await signToken(newThreadId()))).toBe("TokenInvalid");
    expect(asked()).toBe(0);
  });
});
