import { env, exports } from "cloudflare:workers";
import { ImportedSecrets, operatorToken } from "@threadbox/contracts/operator";
import { Schema } from "effect";
import { importJWK, type JWK, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";

const canary = "sk-import-canary-3b9d71";
const privateJwk = JSON.parse(String((env as unknown as Record<string, string>).SERVICE_TOKEN_PRIVATE_JWK)) as JWK;
const decode = Schema.decodeUnknownSync(ImportedSecrets);
let serial = 0;
const newName = () => `IMPORTED_${++serial}_${crypto.randomUUID().slice(0, 8).toUpperCase()}`;

const sign = async (claims: Partial<Record<"type" | "audience" | "issuer", string>> = {}, age = 0) => {
  const { alg, type, issuer, audience, lifetimeSeconds } = { ...operatorToken, ...claims };
  const now = Math.floor(Date.now() / 1000) - age;
  return new SignJWT()
    .setProtectedHeader({ alg, typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(await importJWK(privateJwk, alg));
};

const send = (token: string | null, secrets: unknown, headers: Record<string, string> = {}) =>
  exports.default.fetch("http://worker.test/internal/operator/secrets", {
    method: "POST",
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    body: JSON.stringify({ secrets }),
  });
const one = (name = newName(), more: object = {}) => ({
  name,
  usage: "internal",
  hosts: ["api.test"],
  value: canary,
  ...more,
});

beforeAll(async () => {
  await exports.default.fetch("http://worker.test/health");
});

describe("an import", () => {
  test("puts what was configuration into the vault, leaves what is there, and says nothing of values", async () => {
    const name = newName();
    const first = await send(await sign(), [one(name), one(newName(), { usage: "egress", hosts: [] })]);
    const text = await first.text();
    expect(decode(JSON.parse(text)).secrets).toMatchObject([
      { name, outcome: "imported", reason: null },
      { outcome: "refused", reason: "Name the hosts that this secret may be sent to." },
    ]);
    const again = await (await send(await sign(), [one(name, { value: `${canary}-other` })])).text();
    expect(decode(JSON.parse(again)).secrets).toEqual([{ name, outcome: "kept", reason: null }]);
    expect(text + again).not.toContain(canary);
  });

  test.each<[string, () => Promise<Response>, number]>([
    ["nobody", () => send(null, [one()]), 401],
    ["a service token", async () => send(await sign({ type: "JWT", audience: "threadbox-convex" }), [one()]), 401],
    ["a token for somebody else", async () => send(await sign({ audience: "other" }), [one()]), 401],
    ["a token that is over", async () => send(await sign({}, 3_600), [one()]), 401],
    ["a browser", async () => send(await sign(), [one()], { origin: "http://threadbox.localhost:3000" }), 403],
    ["a body of another shape", async () => send(await sign(), canary), 400],
  ])("of %s is refused", async (_, asked, status) => {
    const response = await asked();
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain(canary);
  });
});
