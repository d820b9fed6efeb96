import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { AuthVerifier } from "./verifier.ts";

const now = new Date("2030-01-01T00:00:00Z");
const nowSeconds = now.getTime() / 1000;

const makeKey = async (alg: "RS256" | "ES256", kid: string) => {
  const { publicKey, privateKey } = await generateKeyPair(alg);
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
};
const ec = await makeKey("ES256", "ec");
const rsa = await makeKey("RS256", "rsa");
const stranger = await makeKey("ES256", "ec");

const dataUri = (...jwks: object[]): string =>
  `data:application/json,${encodeURIComponent(JSON.stringify({ keys: jwks }))}`;

const sign = (key: typeof ec, claims: Record<string, unknown> = {}): Promise<string> =>
  new SignJWT({ iss: "https://a.test", sub: "ada", aud: "app", iat: nowSeconds, exp: nowSeconds + 60, ...claims })
    .setProtectedHeader({ alg: key.alg, kid: key.kid })
    .sign(key.privateKey);

const custom = (fields: Record<string, string> = {}) => ({
  type: "customJwt",
  issuer: "https://a.test",
  jwks: dataUri(ec.jwk),
  algorithm: "ES256",
  ...fields,
});

const verifier = (...providers: Record<string, string>[]): AuthVerifier => new AuthVerifier({ providers });

describe("custom JWT providers", () => {
  test("a token of the provider becomes an identity with its claims, nested ones dotted", async () => {
    const token = await sign(ec, { name: "Ada", org: { id: "o1", role: { name: "admin" } }, tags: ["a"] });
    const { attributes, expiresAt } = await verifier(custom()).verify(token, now);
    expect(attributes).toEqual({
      tokenIdentifier: "https://a.test|ada",
      issuer: "https://a.test",
      subject: "ada",
      name: "Ada",
      "org.id": "o1",
      "org.role.name": "admin",
      tags: ["a"],
    });
    expect(expiresAt).toBe(now.getTime() + 60_000);
  });

  test("a fresh token with the same claims is the same identity", async () => {
    const auth = verifier(custom());
    const first = await auth.verify(await sign(ec), now);
    const second = await auth.verify(await sign(ec, { iat: nowSeconds + 1, exp: nowSeconds + 90 }), now);
    expect(second.key).toBe(first.key);
  });

  test("RS256 is verified where the provider says so", async () => {
    const auth = verifier(custom({ jwks: dataUri(rsa.jwk), algorithm: "RS256" }));
    expect((await auth.verify(await sign(rsa), now)).attributes.subject).toBe("ada");
  });

  test.each([
    ["the signature of another key", () => sign(stranger)],
    ["another issuer", () => sign(ec, { iss: "https://b.test" })],
    ["no expiry", () => sign(ec, { exp: undefined })],
    ["no subject", () => sign(ec, { sub: undefined })],
    ["an expiry in the past", () => sign(ec, { exp: nowSeconds - 6 })],
    ["a start in the future", () => sign(ec, { nbf: nowSeconds + 60 })],
    ["the algorithm of another provider", () => sign(rsa)],
    ["no time of issue", () => sign(ec, { iat: undefined })],
    ["no name of its key", () => sign({ ...ec, kid: undefined as never })],
    ["no JWT at all", async () => "nonsense"],
  ])("a token with %s is refused", async (_, makeToken) => {
    await expect(verifier(custom()).verify(await makeToken(), now)).rejects.toMatchObject({ code: "Unauthenticated" });
  });

  test.each([
    [
      "NoAuthProvider",
      /configured providers: CustomJWT\(issuer=https:\/\/a.test, app_id=none\)/,
      () => sign(ec, { iss: "https://b.test" }),
    ],
    ["InvalidAuthHeader", /three base64-encoded parts/, async () => "nonsense"],
    ["InvalidAuthHeader", /no kid/, () => sign({ ...ec, kid: undefined as never })],
    ["InvalidAuthHeader", /Could not decode token/, () => sign(stranger)],
    ["InvalidAuthHeader", /iat.*timing/, () => sign(ec, { iat: nowSeconds + 10 })],
  ])("a refusal is called %s, as on Convex, and says %s", async (code, message, makeToken) => {
    const refused = verifier(custom()).verify(await makeToken(), now);
    await expect(refused).rejects.toMatchObject({ data: { code }, message: expect.stringMatching(message) });
  });

  test("a clock that is three seconds behind the issuer's is forgiven", async () => {
    const token = await sign(ec, { iat: nowSeconds + 3, nbf: nowSeconds + 3 });
    expect((await verifier(custom()).verify(token, now)).attributes.subject).toBe("ada");
  });

  test.each(["data:application/json,{", "data:application/json,{}", "no address", "data:x;base64,!"])(
    "keys that can't be read (%j) are told to whoever needs them, and nobody else is concerned",
    async (jwks) => {
      const auth = verifier(custom({ jwks, applicationID: "broken" }), custom({ applicationID: "app" }));
      expect((await auth.verify(await sign(ec), now)).attributes.subject).toBe("ada");
      await expect(auth.verify(await sign(ec, { aud: "broken" }), now)).rejects.toThrow(/Invalid JWKS/);
    },
  );

  test("an application id must be among the audiences, and only then", async () => {
    const strict = verifier(custom({ applicationID: "app" }));
    expect((await strict.verify(await sign(ec, { aud: ["other", "app"] }), now)).attributes.subject).toBe("ada");
    await expect(strict.verify(await sign(ec, { aud: "other" }), now)).rejects.toThrow(/No auth provider/);
    expect((await verifier(custom()).verify(await sign(ec, { aud: undefined }), now)).attributes.subject).toBe("ada");
  });

  test("two providers of one issuer are told apart by audience", async () => {
    const auth = verifier(
      custom({ applicationID: "one", jwks: dataUri(stranger.jwk) }),
      custom({ applicationID: "app" }),
    );
    expect((await auth.verify(await sign(ec), now)).attributes.subject).toBe("ada");
  });

  test("a trailing slash or a missing scheme of the issuer does not matter", async () => {
    const auth = verifier(custom({ issuer: "a.test/" }));
    expect((await auth.verify(await sign(ec, { iss: "https://a.test/" }), now)).attributes.issuer).toBe(
      "https://a.test/",
    );
  });

  test("keys are fetched from an address", async () => {
    const server = createServer((_, response) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [ec.jwk] }));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const auth = verifier(custom({ jwks: `http://127.0.0.1:${port}/jwks.json` }));
    expect((await auth.verify(await sign(ec), now)).attributes.subject).toBe("ada");
    server.close();
  });

  test("keys that cannot be had are no judgement on the token", async () => {
    const server = createServer((_, response) => response.writeHead(500).end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const auth = verifier(custom({ jwks: `http://127.0.0.1:${port}/` }));
    await expect(auth.verify(await sign(ec), now)).rejects.toMatchObject({ code: "AuthUnavailable" });
    await new Promise((resolve) => server.close(resolve));
    await expect(auth.verify(await sign(ec), now)).rejects.toMatchObject({ code: "AuthUnavailable" });
  });

  test.each([
    [{ algorithm: "HS256" }, /neither RS256 nor ES256/],
    [{ issuer: "" }, /no issuer.*environment variable/],
    [{ jwks: "" }, /no jwks/],
  ])("a configuration with %o is refused", (fields, message) => {
    expect(() => verifier(custom(fields))).toThrow(message);
  });
});

describe("OpenID providers", () => {
  test("a token is verified with the discovered keys and its claims get their Convex names", async () => {
    const server = createServer((request, response) => {
      const origin = `http://${request.headers.host}`;
      const isDiscovery = request.url === "/.well-known/openid-configuration";
      const body = isDiscovery ? { issuer: origin, jwks_uri: `${origin}/keys` } : { keys: [rsa.jwk] };
      response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const issuer = `http://127.0.0.1:${port}`;
    const token = await sign(rsa, { iss: issuer, given_name: "Ada", email_verified: true, team: "x" });
    const { attributes } = await verifier({ domain: issuer, applicationID: "app" }).verify(token, now);
    expect(attributes).toEqual({
      tokenIdentifier: `${issuer}|ada`,
      issuer,
      subject: "ada",
      givenName: "Ada",
      emailVerified: true,
      team: "x",
    });
    server.close();
  });
});
