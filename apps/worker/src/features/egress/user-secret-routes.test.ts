import { env, exports } from "cloudflare:workers";
import type { ErrorTag } from "@threadbox/contracts/errors";
import { Generation, type ThreadId } from "@threadbox/contracts/ids";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import { SecretAudit, SecretName, UsersSecretList } from "@threadbox/contracts/secrets";
import { UserSecretList } from "@threadbox/contracts/user-secrets";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Effect, Redacted, Result, Schema } from "effect";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, nowSeconds, signAccessToken, testBindings } from "../../testing/tokens.testing.ts";
import { SecretVault, secretVaultLayer } from "../secrets/index.ts";
import { egressPoliciesRef } from "./refs.ts";

const canary = "canary-of-a-user-5b1c";
const decodeList = Schema.decodeUnknownSync(UserSecretList);
const decodeFailure = Schema.decodeUnknownSync(WireErrorBody);

const send = async (method: string, path: string, token: string | null, body?: unknown) =>
  exports.default.fetch(`http://worker.test${path}`, {
    method,
    headers: { origin: testBindings.APP_ORIGIN, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** A user with a thread of their own; the stubbed Convex says whose a thread is by its id. */
class Owner {
  readonly threadId: ThreadId = newThreadId();
  readonly userId = `user_of_${this.threadId}`;
  readonly answers: string[] = [];

  /** The list after it was done, or what was refused. */
  async ask(method: string, path = "", body?: unknown, claims: Record<string, unknown> = {}) {
    const token = await signAccessToken(this.userId, { claims });
    const response = await send(method, `/api/user-secrets${path}`, token, body);
    const text = await response.text();
    this.answers.push(text);
    if (response.ok) return decodeList(JSON.parse(text)).secrets;
    const { error } = decodeFailure(JSON.parse(text));
    return [error._tag, error.message] as const;
  }

  async add(more: object = {}): Promise<string> {
    const added = await this.ask("POST", "", { name: "MY_TOKEN", usage: "env", hosts: [], value: canary, ...more });
    const [first] = added;
    if (typeof first !== "object") throw new Error(`Not added: ${added.join()}`);
    return first.id;
  }

  lease(usage: "env" | "egress" = "env", host: string | null = null, name = "MY_TOKEN") {
    const wish = { usage, kind: usage === "env" ? "sandbox" : "egress", threadId: this.threadId, host } as const;
    const outcome = SecretVault.use((vault) =>
      vault.lease({ ...wish, name: SecretName.make(name), generation: Generation.make(1), requestId: "r" }),
    ).pipe(Effect.provide(secretVaultLayer(env)), Effect.result);
    return Effect.runPromise(outcome).then((result) =>
      Result.isSuccess(result) ? Redacted.value(result.success.value) : result.failure.refusal,
    );
  }
}

const id = "sec_0123456789abcdef";
const routes: readonly [string, string, unknown][] = [
  ["GET", "/api/user-secrets", undefined],
  ["POST", "/api/user-secrets", { name: "A", usage: "env", hosts: [], value: "x" }],
  ["PUT", `/api/user-secrets/${id}/value`, { value: "x", expectedVersion: 1 }],
  ["PUT", `/api/user-secrets/${id}/hosts`, { hosts: ["api.test"], expectedHosts: [] }],
  ["DELETE", `/api/user-secrets/${id}`, undefined],
];

beforeAll(async () => {
  await send("GET", "/health", null);
});

test.each(routes)(
  "%s %s is for who is signed in, and what changes something wants a recent sign-in",
  async (method, path, body) => {
    const tagOf = async (response: Response): Promise<ErrorTag | null> =>
      response.ok ? null : decodeFailure(await response.json()).error._tag;
    expect(await tagOf(await send(method, path, null, body))).toBe("TokenMissing");
    const hoursAgo = await signAccessToken("user_long_ago", { claims: { auth_time: nowSeconds() - 3_700 } });
    expect(await tagOf(await send(method, path, hoursAgo, body))).toBe(method === "GET" ? null : "ReauthRequired");
  },
);

describe("a user's own secret", () => {
  test("goes to programs in that user's threads alone, with its new value from the next use on, until it is removed", async () => {
    const [owner, other] = [new Owner(), new Owner()];
    const secretId = await owner.add();
    expect(await owner.lease()).toBe(canary);
    expect(await other.lease()).toBe("notFound");
    expect(await owner.ask("GET")).toMatchObject([
      { id: secretId, name: "MY_TOKEN", usage: "env", hosts: [], version: 1, isUsable: true, isOwn: true },
    ]);
    const replaced = await owner.ask("PUT", `/${secretId}/value`, { value: `${canary}-2`, expectedVersion: 1 });
    expect(replaced).toMatchObject([{ version: 2, lastUsedAt: expect.any(Number) }]);
    expect(await owner.lease()).toBe(`${canary}-2`);
    expect(await owner.ask("DELETE", `/${secretId}`)).toEqual([]);
    expect(await owner.lease()).toBe("notFound");
    expect(owner.answers.join()).not.toContain(canary);
    expect(JSON.stringify(await observe(""))).not.toContain(canary);
  });

  test("that was removed makes room for another one of its name, and nothing of the old one comes back", async () => {
    const owner = new Owner();
    await owner.ask("DELETE", `/${await owner.add()}`);
    await owner.add({ value: "another", usage: "egress", hosts: ["api.test"] });
    expect(await owner.lease()).toBe("notFound");
    expect(await owner.lease("egress", "api.test")).toBe("another");
    expect(await owner.ask("GET")).toMatchObject([{ name: "MY_TOKEN", usage: "egress", version: 2 }]);
  });

  test("is sent to its hosts alone, and to others from the next use on", async () => {
    const owner = new Owner();
    const secretId = await owner.add({ usage: "egress", hosts: ["API.test"] });
    expect(await owner.lease("egress", "api.test")).toBe(canary);
    expect(await owner.lease("egress", "evil.test")).toBe("hostRefused");
    const change = { hosts: ["b.test"], expectedHosts: ["api.test"] };
    expect(await owner.ask("PUT", `/${secretId}/hosts`, change)).toMatchObject([{ hosts: ["b.test"] }]);
    expect(await owner.lease("egress", "api.test")).toBe("hostRefused");
    expect(await owner.ask("PUT", `/${secretId}/hosts`, change)).toMatchObject(["VersionConflict", expect.any(String)]);
  });

  test("is nobody else's to change: no other user's, and no admin's, who sees it without its value", async () => {
    const [owner, other] = [new Owner(), new Owner()];
    const secretId = await owner.add();
    const missing = ["NotFound", "There is no such secret."];
    expect(await other.ask("GET")).toEqual([]);
    expect(await other.ask("PUT", `/${secretId}/value`, { value: "x", expectedVersion: 1 })).toEqual(missing);
    expect(await other.ask("PUT", `/${secretId}/hosts`, { hosts: ["a.test"], expectedHosts: [] })).toEqual(missing);
    expect(await other.ask("DELETE", `/${secretId}`)).toEqual(missing);
    const admin = await signAccessToken("user_admin_of_all", { claims: { role: "admin" } });
    const list = await (await send("GET", "/api/admin/secrets", admin)).text();
    expect(list).not.toContain(secretId);
    const kept = await (await send("GET", `/api/admin/users-secrets?find=${owner.userId}`, admin)).text();
    const { secrets } = Schema.decodeUnknownSync(UsersSecretList)(JSON.parse(kept));
    expect(secrets).toMatchObject([{ id: secretId, name: "MY_TOKEN", scope: { userId: owner.userId } }]);
    expect(kept).not.toContain(canary);
    const end = { version: 1, reason: "Mine now." };
    for (const [method, path, body] of [
      ["POST", "versions", { value: "x", reason: "r", expectedVersion: 1, overlapMinutes: 0 }],
      ["POST", "destroy", end],
      ["POST", "roll-back", { expectedVersion: 1, reason: "r" }],
      ["PUT", "probe", { probe: null }],
      ["PUT", "hosts", { hosts: [], expectedHosts: [], reason: "r" }],
    ] as const) {
      const response = await send(method, `/api/admin/secrets/${secretId}/${path}`, admin, body);
      expect({ path, status: response.status }).toEqual({ path, status: 404 });
    }
    expect(await owner.lease()).toBe(canary);
    const exposures = await send("GET", `/api/admin/secrets/${secretId}/exposures`, admin);
    expect(await exposures.json()).toMatchObject({ exposures: [{ threadId: owner.threadId, version: 1 }] });
    const audit = await send("GET", `/api/admin/secrets-audit?find=${owner.userId}`, admin);
    const { rows, chain } = Schema.decodeUnknownSync(SecretAudit)(await audit.json());
    expect(rows.filter((row) => row.actor === owner.userId)).toMatchObject([
      { action: "secret.created", secretId, name: "MY_TOKEN", version: 1 },
    ]);
    expect(chain.brokenAt).toBeNull();
  });

  test("that has leaked an admin ends: nobody is given it any more, its user is told why, and another value takes its place", async () => {
    const owner = new Owner();
    const secretId = await owner.add();
    const admin = await signAccessToken("user_admin_who_ends", { claims: { role: "admin" } });
    const revoke = (token: string) =>
      send("POST", `/api/admin/secrets/${secretId}/revoke`, token, { version: 1, reason: "It stood in a log." });
    const hoursAgo = { role: "admin", auth_time: nowSeconds() - 3_700 };
    const unfit = await revoke(await signAccessToken("user_admin_who_ends", { claims: hoursAgo }));
    expect(decodeFailure(await unfit.json()).error._tag).toBe("ReauthRequired");
    expect(await owner.lease()).toBe(canary);
    expect((await revoke(admin)).status).toBe(200);
    expect(await owner.lease()).toBe("revoked");
    const ended = { at: expect.any(Number), reason: "It stood in a log." };
    expect(await owner.ask("GET")).toMatchObject([{ id: secretId, isUsable: false, ended }]);
    expect((await revoke(admin)).status).toBe(409);
    const again = { value: canary, expectedVersion: 1 };
    expect(await owner.ask("PUT", `/${secretId}/value`, again)).toMatchObject(["ValidationError", expect.any(String)]);
    const next = { value: "a new one", expectedVersion: 1 };
    expect(await owner.ask("PUT", `/${secretId}/value`, next)).toMatchObject([{ isUsable: true, ended: null }]);
    expect(await owner.lease()).toBe("a new one");
    const audit = await send("GET", `/api/admin/secrets-audit?find=${owner.userId} revoked`, admin);
    const { rows, chain } = Schema.decodeUnknownSync(SecretAudit)(await audit.json());
    expect(rows).toMatchObject([{ actor: "user_admin_who_ends", action: "secret.revoked", reason: ended.reason }]);
    expect(chain.brokenAt).toBeNull();
  });

  test("that an admin has added for them is seen, and is an admin's to change", async () => {
    const owner = new Owner();
    const admin = await signAccessToken("user_admin_for_one", { claims: { role: "admin" } });
    const scope = { kind: "user", userId: owner.userId };
    const body = { name: "FOR_ONE", scope, usage: "env", value: "x", reason: "For them." };
    expect((await send("POST", "/api/admin/secrets", admin, body)).status).toBe(200);
    const seen = await owner.ask("GET");
    expect(seen).toMatchObject([{ name: "FOR_ONE", isOwn: false }]);
    const [first] = seen;
    const path = typeof first === "object" ? `/${first.id}` : "";
    expect(await owner.ask("DELETE", path)).toMatchObject(["NotFound", expect.any(String)]);
    expect(await owner.ask("POST", "", { name: "FOR_ONE", usage: "env", hosts: [], value: "y" })).toMatchObject([
      "Conflict",
      expect.any(String),
    ]);
  });

  test.each<[string, object, ErrorTag]>([
    ["a name that is none", { name: "lower" }, "ValidationError"],
    ["the worker's own use", { usage: "internal" }, "ValidationError"],
    ["no value", { value: "" }, "ValidationError"],
    ["no host for requests", { usage: "egress", hosts: [] }, "ValidationError"],
    ["an address of a machine", { usage: "egress", hosts: ["10.0.0.1"] }, "ValidationError"],
    ["an address in hexadecimal", { usage: "egress", hosts: ["0x7f.1"] }, "ValidationError"],
    ["a name without a dot", { usage: "egress", hosts: ["a"] }, "ValidationError"],
    ["a local name", { usage: "egress", hosts: ["printer.local"] }, "ValidationError"],
    ["a port", { usage: "egress", hosts: ["api.test:8443"] }, "ValidationError"],
    ["every host of a kind", { usage: "egress", hosts: ["*.api.test"] }, "ValidationError"],
    ["a value that is too long", { value: "x".repeat(secretLimits.valueBytesMax + 1) }, "BodyTooLarge"],
  ])("is not taken with %s", async (_, more, tag) => {
    const owner = new Owner();
    const refused = await owner.ask("POST", "", { name: "N", usage: "env", hosts: [], value: canary, ...more });
    expect(refused[0]).toBe(tag);
    expect(refused.join()).not.toContain(canary);
    expect(await owner.ask("GET")).toEqual([]);
  });

  test("opens no host that an admin has closed, also one that is closed later", async () => {
    const owner = new Owner();
    const policies = egressPoliciesRef(env);
    const { revision, ...open } = await policies.common();
    const closed = { ...open, mode: "list", hosts: [], canOwnersAdd: false } as const;
    const set = async (policy: typeof open) =>
      policies.setCommon({ ...policy, hosts: [...policy.hosts], revision: (await policies.common()).revision });
    const wish = { name: "N", usage: "egress", hosts: ["shut.test"], value: "x" };
    try {
      await set(closed);
      expect(await owner.ask("POST", "", wish)).toMatchObject([
        "ValidationError",
        "shut.test: An admin has closed that host. Only an admin can open it.",
      ]);
    } finally {
      await set(open);
    }
    expect(revision).toEqual(expect.any(Number));
    expect(await owner.ask("POST", "", wish)).toHaveLength(1);
  });

  test("is one of so many that a user may have", async () => {
    const owner = new Owner();
    const change = { actor: owner.userId as never, owner: owner.userId as never, requestId: "r" };
    const scope = { kind: "user", userId: owner.userId as never } as const;
    for (let made = 0; made < secretLimits.usersSecretsMax; made++) {
      const wish = { name: SecretName.make(`N_${made}`), scope, usage: "env", value: "x", reason: "A test." } as const;
      await Effect.runPromise(
        SecretVault.use((vault) => vault.create(wish, change)).pipe(Effect.provide(secretVaultLayer(env))),
      );
    }
    expect(await owner.ask("POST", "", { name: "ONE_MORE", usage: "env", hosts: [], value: "x" })).toMatchObject([
      "QuotaExceeded",
      expect.any(String),
    ]);
  });
});
