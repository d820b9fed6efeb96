import type { ErrorTag } from "@threadbox/contracts/errors";
import { sandboxCredential } from "@threadbox/contracts/sandbox-credential";
import { serviceToken } from "@threadbox/contracts/service-token";
import { generateKeyPair, importJWK, type JWK } from "jose";
import { assembleToken, newThreadId, nowSeconds, signToken, testBindings } from "../../testing/tokens.testing.ts";

/** One row of the attack table: a token for `threadId`, and what the door must answer (null: it opens). */
export interface TokenAttack {
  readonly id: string;
  readonly name: string;
  readonly token: (threadId: string) => Promise<string> | string;
  readonly tag: ErrorTag | null;
}

const publicJwk = (): JWK => {
  const { keys } = JSON.parse(testBindings.THREAD_TOKEN_JWKS) as { keys: JWK[] };
  return keys[0] ?? {};
};
const claimsOf = (token: string): unknown =>
  JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
const claims = async (threadId: string) => claimsOf(await signToken(threadId));
const withClaims = (changed: Record<string, unknown>) => (threadId: string) => signToken(threadId, { claims: changed });
const withHeader = (header: Record<string, unknown>) => (threadId: string) => signToken(threadId, { header });
const text = new TextEncoder();

const algorithmRows: readonly TokenAttack[] = [
  ...["none", "None", "NONE", "nOnE"].map((alg) => ({
    id: "A2",
    name: `algorithm ${alg} and no signature`,
    token: async (threadId: string) =>
      assembleToken({ alg, typ: "thread+jwt", kid: "thread-1" }, await claims(threadId)),
    tag: "TokenInvalid" as const,
  })),
  {
    id: "A3",
    name: "HS512 keyed with the published key",
    token: (threadId) =>
      signToken(threadId, { header: { alg: "HS512" }, key: text.encode(JSON.stringify(publicJwk()).padEnd(64, "x")) }),
    tag: "TokenInvalid",
  },
  {
    id: "A3",
    name: "RS256 with a key of one's own",
    token: async (threadId) => {
      const { privateKey } = await generateKeyPair("RS256");
      return signToken(threadId, { header: { alg: "RS256" }, key: privateKey });
    },
    tag: "TokenInvalid",
  },
  {
    id: "A3",
    name: "the right algorithm and kid with another key",
    token: async (threadId) => signToken(threadId, { key: (await generateKeyPair("ES256")).privateKey }),
    tag: "TokenInvalid",
  },
];

const timeRows: readonly TokenAttack[] = [
  {
    id: "A4",
    name: "expired a second ago",
    token: (t) => withClaims({ iat: nowSeconds() - 200, exp: nowSeconds() - 1 })(t),
    tag: "TokenExpired",
  },
  { id: "A4", name: "no end", token: withClaims({ exp: null }), tag: "TokenInvalid" },
  { id: "A4", name: "an end that is text", token: withClaims({ exp: "9999999999" }), tag: "TokenInvalid" },
  { id: "A4", name: "a negative end", token: withClaims({ exp: -1 }), tag: "TokenInvalid" },
  {
    id: "A4",
    name: "an end that is no integer",
    token: (t) => withClaims({ exp: nowSeconds() + 60.5 })(t),
    tag: "TokenInvalid",
  },
  {
    id: "A4",
    name: "an end ten years ahead",
    token: (t) => withClaims({ exp: nowSeconds() + 315_360_000 })(t),
    tag: "TokenInvalid",
  },
  {
    id: "A4",
    name: "a second more than the longest life",
    token: (t) => withClaims({ exp: nowSeconds() + 301 })(t),
    tag: "TokenInvalid",
  },
  { id: "A4", name: "no beginning", token: withClaims({ iat: null }), tag: "TokenInvalid" },
  {
    id: "A4",
    name: "an end beyond all numbers",
    token: async (threadId) => {
      const payload = JSON.stringify(await claims(threadId)).replace(/"exp":\d+/, '"exp":1e400');
      return assembleToken({ alg: "ES256", typ: "thread+jwt", kid: "thread-1" }, payload, "A".repeat(86));
    },
    tag: "TokenInvalid",
  },
  {
    id: "A5",
    name: "an issuer whose clock is more than a minute ahead",
    token: (t) => withClaims({ iat: nowSeconds() + 65, exp: nowSeconds() + 300 })(t),
    tag: "TokenInvalid",
  },
  {
    id: "A5",
    name: "an issuer whose clock is half a minute ahead",
    token: (t) => withClaims({ iat: nowSeconds() + 30, exp: nowSeconds() + 330 })(t),
    tag: null,
  },
];

const headerRows: readonly TokenAttack[] = [
  { id: "A9", name: "a kid that is a path", token: withHeader({ kid: "../../dev/null" }), tag: "TokenInvalid" },
  { id: "A9", name: "a kid that is a query", token: withHeader({ kid: "x' OR 1=1" }), tag: "TokenInvalid" },
  {
    id: "A9",
    name: "a kid named like a member of objects",
    token: withHeader({ kid: "__proto__" }),
    tag: "TokenInvalid",
  },
  { id: "A9", name: "no kid", token: withHeader({ kid: undefined }), tag: "TokenInvalid" },
  {
    id: "A9",
    name: "a key address, a certificate address and an embedded key of one's own",
    token: async (threadId) => {
      const { privateKey } = await generateKeyPair("ES256");
      const header = { jku: "http://evil.test/jwks", x5u: "http://evil.test/x5u", jwk: publicJwk() };
      return signToken(threadId, { header, key: privateKey });
    },
    tag: "TokenInvalid",
  },
];

const otherTokenRows: readonly TokenAttack[] = [
  { id: "A10", name: "a plain JWT", token: withHeader({ typ: "JWT" }), tag: "TokenInvalid" },
  { id: "A10", name: "no type", token: withHeader({ typ: undefined }), tag: "TokenInvalid" },
  { id: "A10", name: "another audience", token: withClaims({ aud: serviceToken.audience }), tag: "TokenInvalid" },
  { id: "A10", name: "another issuer", token: withClaims({ iss: "https://api.workos.com" }), tag: "TokenInvalid" },
  {
    id: "A10",
    name: "the worker's own service token",
    token: async () =>
      signToken("x", {
        claims: { iss: serviceToken.issuer, aud: serviceToken.audience, sub: serviceToken.subject },
        header: { typ: "JWT", kid: "service-1" },
        key: await importJWK(JSON.parse(testBindings.SERVICE_TOKEN_PRIVATE_JWK), "ES256"),
      }),
    tag: "TokenInvalid",
  },
  {
    id: "A10",
    name: "a sandbox credential",
    token: (threadId) =>
      signToken(threadId, {
        claims: { iss: sandboxCredential.issuer, aud: sandboxCredential.audience, generation: 1 },
        header: { alg: "HS256", typ: sandboxCredential.typ },
        key: text.encode(testBindings.SANDBOX_CREDENTIAL_KEY),
      }),
    tag: "TokenInvalid",
  },
  { id: "A14", name: "a role nobody has", token: withClaims({ role: "root" }), tag: "TokenInvalid" },
];

const shapeRows: readonly TokenAttack[] = [
  { id: "A11", name: "five parts, as JWE has", token: () => "a.b.c.d.e", tag: "TokenMalformed" },
  { id: "A11", name: "four parts", token: async (threadId) => `${await signToken(threadId)}.x`, tag: "TokenMalformed" },
  {
    id: "A11",
    name: "a trailing dot",
    token: async (threadId) => `${await signToken(threadId)}.`,
    tag: "TokenMalformed",
  },
  { id: "A11", name: "base64 instead of base64url", token: () => "ab+/.ab+/.ab==", tag: "TokenMalformed" },
  {
    id: "A11",
    name: "more than 8 kB, well signed",
    token: withClaims({ padding: "x".repeat(8192) }),
    tag: "TokenMalformed",
  },
  { id: "A11", name: "a header that is no JSON", token: () => "AAAA.AAAA.AAAA", tag: "TokenInvalid" },
  {
    id: "A11",
    name: "a payload that is no object",
    token: () => assembleToken({ alg: "ES256" }, "null", "AAAA"),
    tag: "TokenInvalid",
  },
];

const scopeRows: readonly TokenAttack[] = [
  { id: "A6", name: "the token of another thread", token: () => signToken(newThreadId()), tag: "ThreadScopeMismatch" },
  {
    id: "A6",
    name: "the token of a thread that is gone",
    token: () => signToken(newThreadId("gone")),
    tag: "ThreadScopeMismatch",
  },
  { id: "A6", name: "the token of this thread", token: (threadId) => signToken(threadId), tag: null },
];

export const tokenAttacks: readonly TokenAttack[] = [
  ...algorithmRows,
  ...timeRows,
  ...headerRows,
  ...otherTokenRows,
  ...shapeRows,
  ...scopeRows,
];
