import { exports } from "cloudflare:workers";
import { GatewaysRestarted, gatewayRestartMax } from "@threadbox/contracts/gateway-restart";
import { ThreadId } from "@threadbox/contracts/ids";
import { secretsApi } from "@threadbox/contracts/secrets-api";
import { Schema } from "effect";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { newThreadId, nowSeconds, signAccessToken, signToken, testBindings } from "../../testing/tokens.testing.ts";

const decode = Schema.decodeUnknownSync(GatewaysRestarted);
const { path } = secretsApi.restartGateways;
const send = (to: string, token: string | null, body?: string) =>
  exports.default.fetch(`http://worker.test${to}`, {
    method: "POST",
    headers: { origin: testBindings.APP_ORIGIN, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body }),
  });

let serial = 0;
const tokenOf = (claims: Record<string, unknown>) => {
  serial += 1;
  return signAccessToken(`user_restarts_${serial}`, { claims });
};
const adminToken = () => tokenOf({ role: "admin" });
const restart = async (...threadIds: ThreadId[]) =>
  decode(await (await send(path, await adminToken(), JSON.stringify({ threadIds }))).json());
const started = async () => {
  const threadId = newThreadId();
  expect((await send(`/api/sandbox/${threadId}/restart`, await signToken(threadId))).status).toBe(200);
  return threadId;
};

// The first request loads the worker, which takes longer than any test may.
beforeAll(async () => {
  await send("/health", null);
});

describe("the restart of gateways", () => {
  test("is an admin's who signed in within the hour", async () => {
    const refusedWith = async (token: string | null) => {
      const response = await send(path, token);
      const { error } = (await response.json()) as { error: { _tag: string } };
      return [response.status, error._tag];
    };
    expect(await refusedWith(null)).toEqual([401, "TokenMissing"]);
    expect(await refusedWith(await tokenOf({ role: "member" }))).toEqual([403, "Forbidden"]);
    const old = await tokenOf({ role: "admin", auth_time: nowSeconds() - 3_700 });
    expect(await refusedWith(old)).toEqual([409, "ReauthRequired"]);
  });

  test("starts OpenCode again and says so in the words of the route", async () => {
    const threadId = await started();
    const { gateways, ...answer } = await restart(threadId);
    expect(answer).toEqual({
      ok: true,
      message: "Gateway restarted successfully. Secrets refreshed from Worker.",
    });
    expect(gateways).toMatchObject([{ threadId, outcome: "restarted", before: 1, after: 2 }]);
    const audited = async () =>
      (await observe(threadId)).calls.filter(({ args }) => Reflect.get(Object(args), "action") === "gateway.restarted");
    await expect.poll(audited).toMatchObject([{ args: { outcome: "succeeded" } }]);
  });

  test("tells of each: one that ran, one that didn't, one that is gone", async () => {
    const ran = await started();
    const never = newThreadId();
    const gone = ThreadId.make(`gone${newThreadId().slice(4)}`);
    const answer = await restart(ran, never, gone, ran);
    expect(answer).toMatchObject({ ok: false, message: "1 of 3 didn't restart." });
    expect(answer.gateways.map(({ threadId, outcome }) => [threadId, outcome])).toEqual([
      [ran, "restarted"],
      [never, "skipped"],
      [gone, "failed"],
    ]);
  });

  test("of all, while none runs, is no failure", async () => {
    const answer = decode(await (await send(path, await adminToken())).json());
    expect(answer).toEqual({
      ok: true,
      message: "No gateway is running. The next start reads fresh secrets.",
      gateways: [],
    });
  });

  test.each([
    ["no JSON", "{"],
    ["no ids", JSON.stringify({ threadIds: ["../x"] })],
    ["none of many", JSON.stringify({ threadIds: [] })],
    ["too many", JSON.stringify({ threadIds: Array.from({ length: gatewayRestartMax + 1 }, () => newThreadId()) })],
  ])("refuses a body of %s", async (_, body) => {
    const response = await send(path, await adminToken(), body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { _tag: "ValidationError" } });
  });
});
