import { env, exports } from "cloudflare:workers";
import type { CommonPolicyView, ThreadNetwork } from "@threadbox/contracts/egress-policy";
import { hostRuleLimits } from "@threadbox/contracts/host-rules";
import type { ThreadId } from "@threadbox/contracts/ids";
import { WireErrorBody } from "@threadbox/contracts/wire-error";
import { Schema } from "effect";
import { describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, nowSeconds, signAccessToken, signToken, testBindings } from "../../testing/tokens.testing.ts";
import { egressPoliciesRef } from "./refs.ts";

const origin = testBindings.APP_ORIGIN;
const decodeError = Schema.decodeUnknownSync(WireErrorBody);

const send = (method: string, path: string, token: string, body?: unknown) =>
  exports.default.fetch(`http://worker.test${path}`, {
    method,
    headers: { origin, authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const tagOf = async (response: Response) => decodeError(await response.json()).error._tag;

const networkOf = (threadId: ThreadId) => `/api/sandbox/${threadId}/network`;
const change = async (threadId: ThreadId, body: unknown) =>
  send("PATCH", networkOf(threadId), await signToken(threadId), body);
const read = async (threadId: ThreadId): Promise<ThreadNetwork> =>
  (await send("GET", networkOf(threadId), await signToken(threadId))).json();

describe("the hosts of a thread", () => {
  test("are its owner's to change, one at a time, and another thread's are not touched", async () => {
    const [threadId, other] = [newThreadId(), newThreadId()];
    expect(await read(threadId)).toMatchObject({ reach: "common", hosts: [], common: { canOwnersAdd: true } });
    await change(threadId, { allow: "api.example.com" });
    const changed = await change(threadId, { allow: "*.example.org" });
    expect(await changed.json()).toMatchObject({ hosts: ["*.example.org", "api.example.com"], isInForce: true });
    await change(threadId, { allow: "api.example.com" });
    await change(threadId, { reach: "own" });
    await change(threadId, { remove: "*.example.org" });
    expect(await read(threadId)).toMatchObject({ reach: "own", hosts: ["api.example.com"] });
    expect(await read(other)).toMatchObject({ reach: "common", hosts: [] });
  });

  test.each([
    { allow: "API.example.com" },
    { allow: "10.0.0.1" },
    { allow: "*.com" },
    { allow: "example.com:8443" },
    { allow: "https://example.com" },
    { reach: "everything" },
    {},
  ])("%j is no change", async (body) => {
    const threadId = newThreadId();
    expect(await tagOf(await change(threadId, body))).toBe("ValidationError");
    expect((await read(threadId)).hosts).toEqual([]);
  });

  test("are so many and no more", async () => {
    const threadId = newThreadId();
    const policies = egressPoliciesRef(env);
    for (let n = 0; n < hostRuleLimits.threadMax; n++) await policies.change(threadId, { allow: `h${n}.test` });
    expect(await tagOf(await change(threadId, { allow: "one-more.test" }))).toBe("QuotaExceeded");
    expect((await change(threadId, { allow: "h0.test" })).status).toBe(200);
  });

  test("are shown to nobody who may not use the thread, and changed by nobody else", async () => {
    const threadId = newThreadId();
    const foreign = await signToken(newThreadId());
    expect(await tagOf(await send("GET", networkOf(threadId), foreign))).toBe("ThreadScopeMismatch");
    expect(await tagOf(await send("PATCH", networkOf(threadId), foreign, { allow: "a.test" }))).toBe(
      "ThreadScopeMismatch",
    );
    expect((await read(threadId)).hosts).toEqual([]);
  });

  test("each change is a row of the audit and an entry of the journal", async () => {
    const threadId = newThreadId();
    await change(threadId, { allow: "api.example.com" });
    const told = async () => (await observe(threadId)).calls.map(({ path, args }) => ({ path, args }));
    await expect.poll(told).toContainEqual({
      path: "audit:append",
      args: expect.objectContaining({
        action: "network.host_allowed",
        outcome: "succeeded",
        reason: "api.example.com.",
      }),
    });
    await expect.poll(told).toContainEqual({
      path: "journal:append",
      args: expect.objectContaining({ kind: "network", subject: "api.example.com", detail: '{"change":"allowed"}' }),
    });
  });
});

describe("the common policy", () => {
  const path = "/api/admin/egress-policy";
  const admin = (more: Record<string, unknown> = {}) =>
    signAccessToken(`user_policy_${crypto.randomUUID()}`, { claims: { role: "admin", ...more } });
  const readPolicy = async (): Promise<CommonPolicyView> => (await send("GET", path, await admin())).json();

  test("is an admin's to set, over the one that they have seen", async () => {
    const { policy, standardHosts } = await readPolicy();
    expect(standardHosts).toContain("pypi.org");
    const wish = { ...policy, hosts: [...policy.hosts, "*.set-by-an-admin.test"] };
    const set: CommonPolicyView = await (await send("PUT", path, await admin(), wish)).json();
    expect(set).toMatchObject({ policy: { ...wish, revision: policy.revision + 1 }, isInForce: true });
    expect(await tagOf(await send("PUT", path, await admin(), wish))).toBe("VersionConflict");
    expect((await read(newThreadId())).common.hosts).toEqual(wish.hosts);
    await send("PUT", path, await admin(), { ...policy, revision: policy.revision + 1 });
  });

  test("is nobody else's, and not without a recent sign-in", async () => {
    const { policy } = await readPolicy();
    const member = await signAccessToken(`user_policy_${crypto.randomUUID()}`);
    expect(await tagOf(await send("GET", path, member))).toBe("Forbidden");
    expect(await tagOf(await send("PUT", path, member, policy))).toBe("Forbidden");
    const old = await admin({ auth_time: nowSeconds() - 7_200 });
    expect(await tagOf(await send("PUT", path, old, policy))).toBe("ReauthRequired");
    expect(await readPolicy()).toMatchObject({ policy });
  });

  test.each([{ hosts: ["10.0.0.1"] }, { hosts: ["Example.com"] }, { mode: "closed" }, { canOwnersAdd: "yes" }])(
    "%j is no policy",
    async (more) => {
      const { policy } = await readPolicy();
      expect(await tagOf(await send("PUT", path, await admin(), { ...policy, ...more }))).toBe("ValidationError");
    },
  );
});
