import { adminSecretsStore } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { Generation, ThreadId, UserId } from "@threadbox/contracts/ids";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import { type CreateSecret, SecretName } from "@threadbox/contracts/secrets";
import { Effect, Redacted, Result } from "effect";
import { Base64Url } from "effect/encoding";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { handleRequest } from "../../app.ts";
import { newThreadId, signToken, testBindings } from "../../testing/tokens.testing.ts";
import { readInternalSecret, signInternalSecret } from "./internal-secret.ts";
import { SecretVault, secretVaultLayer } from "./secret-vault.ts";

const key = Redacted.make(Result.getOrThrow(Base64Url.decode(testBindings.SANDBOX_CREDENTIAL_KEY)));
const sign = (threadId: ThreadId, generation = 1) =>
  Effect.runPromise(signInternalSecret({ threadId, generation: Generation.make(generation) }, key));

const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
  exports.default.fetch(`http://worker.test${path}`, { method, headers, ...(body === undefined ? {} : { body }) });

/** A thread whose sandbox runs in its first generation, and what its programs show. */
const newSandbox = async () => {
  const threadId = newThreadId();
  const authorization = `Bearer ${await signToken(threadId)}`;
  const started = await send("POST", `/api/sandbox/${threadId}/restart`, { authorization });
  expect(started.status).toBe(200);
  return { threadId, headers: { "x-internal-secret": await sign(threadId) } };
};

const change = { actor: UserId.make("user_admin"), requestId: "r" };
const inVault = <A, E>(use: (vault: SecretVault["Service"]) => Effect.Effect<A, E>) =>
  Effect.runPromise(SecretVault.use(use).pipe(Effect.provide(secretVaultLayer(env))));
const put = (threadId: ThreadId, name: string, value: string, more: Partial<CreateSecret> = {}) =>
  inVault((vault) =>
    vault.create(
      {
        name: SecretName.make(name),
        scope: { kind: "thread", threadId },
        usage: "env",
        value,
        reason: "For a test.",
        ...more,
      },
      change,
    ),
  );
const answerOf = async (response: Response): Promise<[number, Record<string, object>]> => [
  response.status,
  await response.json(),
];

beforeAll(async () => {
  await send("GET", "/health", {});
});

describe("S0.8: GET /api/internal/secrets/:name", () => {
  test("S0.12: gives what is bound from the Secrets Store, until the vault has a secret of that name", async () => {
    const { threadId, headers } = await newSandbox();
    const { SECRETS_STORE_BOUND_KEY } = env as unknown as { SECRETS_STORE_BOUND_KEY: SecretsStoreSecret };
    const admin = adminSecretsStore(SECRETS_STORE_BOUND_KEY);
    const id = await admin.create("from-the-store");
    const get = () => send("GET", "/api/internal/secrets/BOUND_KEY", headers);
    expect(await answerOf(await get())).toEqual([200, { value: "from-the-store" }]);
    const secret = await put(threadId, "BOUND_KEY", "from-the-vault");
    expect(await answerOf(await get())).toEqual([200, { value: "from-the-vault" }]);
    await inVault((vault) => vault.revoke(secret.id, { version: 1, reason: "It has leaked." }, change));
    expect(await answerOf(await get())).toEqual([410, { error: "Secret revoked" }]);
    await admin.delete(id);
  });

  test("S0.1, S0.3, S0.13: gives a running sandbox the value, also of a name that is younger than its start", async () => {
    const { threadId, headers } = await newSandbox();
    expect(await answerOf(await send("GET", "/api/internal/secrets/API_KEY", headers))).toEqual([
      404,
      { error: "Secret not found" },
    ]);
    const { id } = await put(threadId, "API_KEY", "first");
    const ask = async () => answerOf(await send("GET", "/api/internal/secrets/API_KEY", headers));
    expect(await ask()).toEqual([200, { value: "first" }]);
    const next = { value: "second", reason: "Rotated.", expectedVersion: 1, overlapMinutes: 0 };
    const rotated = await inVault((vault) => vault.rotate(id, next, change));
    expect(rotated.holders).toMatchObject([{ kind: "sandbox", threadId, version: 1 }]);
    expect(await ask()).toEqual([200, { value: "second" }]);
    await inVault((vault) => vault.revoke(id, { version: 2, reason: "Leaked." }, change));
    expect(await ask()).toEqual([410, { error: "Secret revoked" }]);
  });

  test("A75: finds nothing of another thread, of another use, or of no name", async () => {
    const [mine, other] = [await newSandbox(), await newSandbox()];
    await put(other.threadId, "OTHERS", "x");
    await put(mine.threadId, "FOR_THE_WORKER", "x", { usage: "internal" });
    for (const name of ["OTHERS", "FOR_THE_WORKER", "constructor", "__proto__", "lower"]) {
      const answer = await answerOf(await send("GET", `/api/internal/secrets/${name}`, mine.headers));
      expect(answer).toEqual([404, { error: "Secret not found" }]);
    }
  });

  test("gives what is a user's own in that user's threads alone: the thread's before the user's before everybody's", async () => {
    const [mine, other] = [await newSandbox(), await newSandbox()];
    const name = `OWN_${mine.threadId.toUpperCase()}`;
    const ask = async ({ headers }: typeof mine) =>
      answerOf(await send("GET", `/api/internal/secrets/${name}`, headers));
    const missing = [404, { error: "Secret not found" }];
    expect(await ask(other)).toEqual(missing);
    const userId = UserId.make(`user_of_${mine.threadId}`);
    const { id } = await put(mine.threadId, name, "the user's", { scope: { kind: "user", userId } });
    expect(await ask(mine)).toEqual([200, { value: "the user's" }]);
    expect(await ask(other)).toEqual(missing);
    await put(mine.threadId, name, "everybody's", { scope: { kind: "all" } });
    expect(await ask(mine)).toEqual([200, { value: "the user's" }]);
    expect(await ask(other)).toEqual([200, { value: "everybody's" }]);
    await inVault((vault) => vault.revoke(id, { version: 1, reason: "Leaked." }, change));
    expect(await ask(mine)).toEqual([410, { error: "Secret revoked" }]);
    await put(mine.threadId, name, "the thread's");
    expect(await ask(mine)).toEqual([200, { value: "the thread's" }]);
  });

  test("gives nothing of a name that a user has a secret of while nobody can say whose the thread is", async () => {
    const threadId = ThreadId.make(`storedown${newThreadId()}`);
    const name = `OWN_${threadId.toUpperCase()}`;
    await put(threadId, name, "everybody's", { scope: { kind: "all" } });
    const bearer = { threadId, generation: Generation.make(1), usage: "env", kind: "sandbox", host: null } as const;
    const lease = () =>
      inVault((vault) => Effect.result(vault.lease({ ...bearer, name: SecretName.make(name), requestId: "r" })));
    expect(await lease()).toMatchObject({ _tag: "Success" });
    await put(threadId, name, "a user's", { scope: { kind: "user", userId: UserId.make("user_somebody") } });
    expect(await lease()).toMatchObject({ failure: { refusal: "unreachable" } });
    // Its sandbox starts all the same.
    expect(await inVault((vault) => vault.bound(threadId))).toEqual(expect.any(Array));
  });

  test("never gives a user's key of a model, whoever asks", async () => {
    const { threadId, headers } = await newSandbox();
    const scope = { kind: "user", userId: UserId.make(`user_of_${threadId}`) } as const;
    await put(threadId, "MODEL_KEY_0", "canary", { scope, usage: "internal" });
    const answer = await answerOf(await send("GET", "/api/internal/secrets/MODEL_KEY_0", headers));
    expect(answer).toEqual([404, { error: "Secret not found" }]);
    expect(await inVault((vault) => vault.bound(threadId))).not.toContainEqual(
      expect.objectContaining({ name: "MODEL_KEY_0" }),
    );
  });

  test("S0.15: a value that cannot be opened is an error that says nothing of it", async () => {
    const { threadId, headers } = await newSandbox();
    await put(threadId, "DAMAGED", "x");
    // A vault that fails in a way that no code of ours does, behind the bindings as they are.
    const broken = { ...env, VAULT: { getByName: () => ({ lease: () => Promise.reject(new Error("canary")) }) } };
    const request = new Request("http://worker.test/api/internal/secrets/DAMAGED", { headers });
    const response = await handleRequest(request, broken as unknown as Env);
    expect(await answerOf(response)).toEqual([500, { error: "Failed to fetch secret" }]);
  });
});

describe("S1.19: POST /internal/secrets", () => {
  test("S1.21-S1.24: gives the gateway's token, a day to keep it, and a version that changes with it", async () => {
    const { threadId, headers } = await newSandbox();
    const ask = async () => answerOf(await send("POST", "/internal/secrets", headers));
    expect(await ask()).toEqual([404, { error: "Secret not found" }]);
    const { id } = await put(threadId, "CLAWDBOT_GATEWAY_TOKEN", "test-secret");
    const before = Date.now();
    const [status, body] = await ask();
    expect([status, body]).toEqual([200, { token: "test-secret", version: 1, expiresAt: expect.any(Number) }]);
    expect(Number(body.expiresAt)).toBeGreaterThanOrEqual(before + 24 * 3_600_000);
    const next = { value: "next-secret", reason: "Rotated.", expectedVersion: 1, overlapMinutes: 0 };
    await inVault((vault) => vault.rotate(id, next, change));
    expect(await ask()).toMatchObject([200, { token: "next-secret", version: 2 }]);
  });

  test("A75: gives what was asked for by name, each with its own answer, and no more than so many", async () => {
    const { threadId, headers } = await newSandbox();
    await put(threadId, "ONE", "1");
    const names = ["ONE", "TWO", "ONE", "*", "__proto__"];
    const [status, body] = await answerOf(await send("POST", "/internal/secrets", headers, JSON.stringify({ names })));
    expect(status).toBe(200);
    const missing = { status: 404, error: "Secret not found" };
    expect(Object.entries(body.secrets ?? {})).toEqual([
      ["ONE", { id: expect.any(String), value: "1", version: 1, expiresAt: expect.any(Number) }],
      ...["TWO", "*", "__proto__"].map((name) => [name, missing]),
    ]);
    const many = JSON.stringify({ names: Array.from({ length: secretLimits.namesMax + 1 }, (_, at) => `N${at}`) });
    expect((await send("POST", "/internal/secrets", headers, many)).status).toBe(400);
    for (const odd of ["[]", "null", "{", '{"names":"ONE"}', '{"names":[1]}'])
      expect((await send("POST", "/internal/secrets", headers, odd)).status).toBe(400);
  });
});

describe.each([
  ["POST", "/internal/secrets"],
  ["GET", "/api/internal/secrets/API_KEY"],
])("%s %s", (method, path) => {
  test("S1.20, S1.53, S1.54, A74: answers 401 to whoever shows nothing, something else, or what is of another start", async () => {
    const lines: string[] = [];
    const spy = vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
    const { threadId, headers } = await newSandbox();
    const good = headers["x-internal-secret"];
    const another = await sign(newThreadId());
    const shown: Readonly<Record<string, string | null>> = {
      nothing: null,
      "another word": "wrong-secret",
      "the right length": `${good.slice(0, -1)}${good.endsWith("0") ? "1" : "0"}`,
      "another thread's hash": `${threadId}.1.${another.split(".")[2]}`,
      "another thread's whole": another,
      "a start before this one": await sign(threadId, 7),
      "the thread's token": await signToken(threadId),
      "too much": `${good}0`,
    };
    for (const [name, secret] of Object.entries(shown)) {
      const response = await send(method, path, secret === null ? {} : { "x-internal-secret": secret });
      expect({ name, answer: await answerOf(response) }).toEqual({ name, answer: [401, { error: "Unauthorized" }] });
    }
    spy.mockRestore();
    expect(lines.join("\n")).toContain("[Internal] Unauthorized secret fetch attempt");
    expect(lines.join("\n")).not.toContain(good);
  });

  test("S0.10, S0.11, A76: is near nobody but a sandbox, whatever they show", async () => {
    const { headers } = await newSandbox();
    for (const far of [
      { "cf-connecting-ip": "203.0.113.9" },
      { "cf-connecting-ip": "::1" },
      { origin: testBindings.APP_ORIGIN },
    ])
      expect(await answerOf(await send(method, path, { ...headers, ...far }))).toEqual([403, { error: "Forbidden" }]);
    const near = await send(method, path, { ...headers, "cf-connecting-ip": "127.0.0.1" });
    expect(near.status).toBe(404);
  });
});

test("what a start was given is read by its own key and by no other", async () => {
  const text = await sign(newThreadId(), 12);
  expect(await Effect.runPromise(readInternalSecret(text, key))).toMatchObject({ generation: 12 });
  const other = Redacted.make(new Uint8Array(32).fill(3));
  expect(await Effect.runPromise(readInternalSecret(text, other))).toBeNull();
  expect(text.split(".")[2]).toMatch(/^[0-9a-f]{64}$/);
});
