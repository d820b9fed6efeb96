import { exports } from "cloudflare:workers";
import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import { secretLimits } from "@threadbox/contracts/secret-limits";
import { SecretAudit, SecretList, SecretView } from "@threadbox/contracts/secrets";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Option, Schema } from "effect";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { nowSeconds, signAccessToken, testBindings } from "../../testing/tokens.testing.ts";

const origin = testBindings.APP_ORIGIN;
const canary = "sk-canary-c6a1f7e2";
const decodeWireError = Schema.decodeUnknownOption(WireErrorBody);
const decodeView = Schema.decodeUnknownSync(SecretView);

let serial = 0;
const newName = (): string => {
  serial += 1;
  return `ROUTE_${serial}`;
};
const adminToken = (more: Record<string, unknown> = {}) => {
  serial += 1;
  return signAccessToken(`user_secrets_${serial}`, { claims: { role: "admin", ...more } });
};

const send = (method: string, path: string, token: string | null, body?: unknown) =>
  exports.default.fetch(`http://worker.test${path}`, {
    method,
    headers: { origin, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
const tagOf = async (response: Response): Promise<ErrorTag | null> => {
  const tag = Option.getOrNull(decodeWireError(await response.json()))?.error._tag ?? null;
  if (tag !== null) expect(response.status).toBe(errorTable[tag].status);
  return tag;
};

const createBody = (more: Record<string, unknown> = {}) => ({
  name: newName(),
  scope: { kind: "all" },
  usage: "internal",
  value: canary,
  reason: "First.",
  ...more,
});
const rotateBody = { value: `${canary}-2`, reason: "Rotated.", expectedVersion: 1, overlapMinutes: 0 };
const endBody = { version: 1, reason: "Leaked." };
const id = "sec_0123456789abcdef";
const routes: readonly [string, string, unknown][] = [
  ["GET", "/api/admin/secrets", undefined],
  ["GET", "/api/admin/users-secrets", undefined],
  ["GET", "/api/admin/secrets-audit", undefined],
  ["GET", `/api/admin/secrets/${id}/exposures`, undefined],
  ["POST", "/api/admin/secrets", createBody()],
  ["POST", `/api/admin/secrets/${id}/versions`, rotateBody],
  ["POST", `/api/admin/secrets/${id}/revoke`, endBody],
  ["POST", `/api/admin/secrets/${id}/destroy`, endBody],
  ["POST", `/api/admin/secrets/${id}/roll-back`, { expectedVersion: 1, reason: "It fails." }],
  ["PUT", `/api/admin/secrets/${id}/probe`, { probe: null }],
  ["PUT", `/api/admin/secrets/${id}/hosts`, { hosts: [], expectedHosts: [], reason: "Moved." }],
];

beforeAll(async () => {
  await send("GET", "/health", null);
});

describe.each(routes)("%s %s", (method, path, body) => {
  test("A88: is for an admin, checked at each call", async () => {
    expect(await tagOf(await send(method, path, null, body))).toBe("TokenMissing");
    const member = await adminToken({ role: "member" });
    expect(await tagOf(await send(method, path, member, body))).toBe("Forbidden");
  });

  test("asks for a recent sign-in where it changes something", async () => {
    const hoursAgo = await adminToken({ auth_time: nowSeconds() - 3_700 });
    const tag = await tagOf(await send(method, path, hoursAgo, body));
    expect(tag).toBe(method === "GET" ? null : "ReauthRequired");
  });
});

test("A88: whoever follows the secrets is an admin, and is told that something has changed but not what", async () => {
  const path = "/api/admin/secrets-changes";
  expect(await tagOf(await send("GET", path, null))).toBe("TokenMissing");
  expect(await tagOf(await send("GET", path, await adminToken({ role: "member" })))).toBe("Forbidden");
  const response = await send("GET", path, await adminToken());
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^\n+$/);
  await reader?.cancel();
});

describe("an admin", () => {
  test("creates, rotates, revokes and destroys, and no answer holds a value", async () => {
    const token = await adminToken();
    const answers: string[] = [];
    const step = async (path: string, body: unknown): Promise<SecretView> => {
      const response = await send("POST", path, token, body);
      const text = await response.text();
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
      answers.push(text + JSON.stringify([...response.headers]));
      return decodeView(JSON.parse(text));
    };
    const created = await step("/api/admin/secrets", createBody());
    const of = `/api/admin/secrets/${created.id}`;
    await step(`${of}/versions`, rotateBody);
    await step(`${of}/revoke`, { ...endBody, version: 2 });
    const destroyed = await step(`${of}/destroy`, endBody);
    expect(destroyed.versions.map(({ state }) => state)).toEqual(["revoked", "destroyed"]);
    const list = await (await send("GET", "/api/admin/secrets", token)).text();
    expect(Schema.decodeUnknownSync(SecretList)(JSON.parse(list)).secrets.map(({ name }) => name)).toContain(
      created.name,
    );
    const audit = await (await send("GET", "/api/admin/secrets-audit", token)).text();
    const { rows, chain } = Schema.decodeUnknownSync(SecretAudit)(JSON.parse(audit));
    expect(rows.filter(({ secretId }) => secretId === created.id).map(({ action }) => action)).toEqual([
      ...["secret.destroyed", "secret.revoked", "secret.revoked", "secret.rotated", "secret.created"],
    ]);
    expect(chain.brokenAt).toBeNull();
    expect([...answers, list, audit].join()).not.toContain(canary);
  });

  test("reads the audit in pages of the length that is asked for, each row once, and longer ones than 500 are not answered", async () => {
    const token = await adminToken();
    for (let made = 0; made < 3; made++) await send("POST", "/api/admin/secrets", token, createBody());
    const read = async (query: string) =>
      Schema.decodeUnknownSync(SecretAudit)(
        await (await send("GET", `/api/admin/secrets-audit${query}`, token)).json(),
      );
    const whole = await read("?rows=500");
    const sequences: number[] = [];
    let before: number | null = null;
    do {
      const page: SecretAudit = await read(`?rows=2${before === null ? "" : `&before=${before}`}`);
      expect(page.rows.length).toBeLessThanOrEqual(2);
      sequences.push(...page.rows.map(({ sequence }) => sequence));
      before = page.before;
    } while (before !== null);
    expect(sequences).toEqual(whole.rows.map(({ sequence }) => sequence));
    for (const odd of ["?rows=0", "?rows=x", "?rows=1e9", "?before=-1"])
      expect((await read(odd)).rows[0]).toEqual(whole.rows[0]);
  });

  test("leaves a row in Convex for what was done and for what was refused, with names and versions only", async () => {
    const token = await adminToken();
    const body = createBody();
    await send("POST", "/api/admin/secrets", token, body);
    await send("POST", "/api/admin/secrets", token, body);
    const rows = async () =>
      (await observe("")).calls
        .filter(({ path, args }) => path === "audit:append" && args.actorId === `user_secrets_${serial - 1}`)
        .map(({ args }) => [args.action, args.outcome, args.reason]);
    await expect.poll(rows).toHaveLength(2);
    expect(await rows()).toEqual(
      expect.arrayContaining([
        ["secret.created", "succeeded", `${body.name}, version 1.`],
        ["secret.created", "failed", expect.stringContaining("is there already")],
      ]),
    );
    expect(JSON.stringify(await observe(""))).not.toContain(canary);
  });

  test.each<[string, unknown, ErrorTag]>([
    ["no JSON", canary, "ValidationError"],
    ["a list", [canary], "ValidationError"],
    ["a name that is none", createBody({ name: canary }), "ValidationError"],
    ["a name of objects", createBody({ name: "__proto__" }), "ValidationError"],
    [
      "a key of a user's own",
      createBody({ scope: { kind: "user", userId: "user_1" }, usage: "internal" }),
      "ValidationError",
    ],
    ["a scope that is none", createBody({ scope: { kind: canary } }), "ValidationError"],
    ["a use that is none", createBody({ usage: canary }), "ValidationError"],
    ["an address of a machine as its host", createBody({ hosts: ["10.0.0.1"] }), "ValidationError"],
    ["a host without a dot", createBody({ hosts: ["a"] }), "ValidationError"],
    ["a host of a local network", createBody({ hosts: ["nas.local"] }), "ValidationError"],
    ["no reason", createBody({ reason: "" }), "ValidationError"],
    ["no value", createBody({ value: null }), "ValidationError"],
    ["a value that is too long", createBody({ value: "x".repeat(secretLimits.valueBytesMax + 1) }), "BodyTooLarge"],
    ["a body that is too long", `"${"x".repeat(600_000)}"`, "BodyTooLarge"],
  ])("is told of %s without its own words", async (_, body, tag) => {
    const response = await send("POST", "/api/admin/secrets", await adminToken(), body);
    expect(await response.clone().text()).not.toContain(canary);
    expect(await tagOf(response)).toBe(tag);
  });

  test("is told that there is no such secret", async () => {
    for (const missing of [id, "no-id", "sec_x"]) {
      const path = `/api/admin/secrets/${missing}/revoke`;
      expect(await tagOf(await send("POST", path, await adminToken(), endBody))).toBe("NotFound");
    }
  });
});
