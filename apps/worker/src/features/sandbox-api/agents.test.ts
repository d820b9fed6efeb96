import { webhookHeaders, webhookLimits } from "@threadbox/contracts/agents-api";
import { beforeAll, describe, expect, test } from "vitest";
import { observe } from "../../testing/observe.testing.ts";
import { testBindings } from "../../testing/tokens.testing.ts";
import { loadWorker } from "../chat/thread.testing.ts";
import { asUser, callApi, makeSandbox, tagOf } from "./sandbox-api.testing.ts";

beforeAll(loadWorker);

const path = "/api/v2/cloudflare/webhook";
const eventOf = (more: object = {}) => ({
  event: "sandbox.created",
  data: {},
  timestamp: new Date().toISOString(),
  ...more,
});
const signed = async (body: string, timestamp: string, token: string = testBindings.AGENTPOD_API_TOKEN) => {
  const utf8 = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", utf8.encode(token), algorithm, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(`${timestamp}.${body}`)));
  return {
    [webhookHeaders.signature]: `sha256=${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`,
  };
};

describe("S4.46, S4.67, X15, E13: the webhook", () => {
  test("takes an event with the API token, and says so", async () => {
    const answer = await callApi(path, { body: eventOf() });
    expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
    expect((await callApi(path, { body: eventOf({ timestamp: Date.now() }) })).status).toBe(200);
  });

  test("is closed to a wrong token, to none and to a user", async () => {
    const body = eventOf();
    expect(await tagOf(await callApi(path, { body, authorization: "Bearer wrong" }))).toBe("TokenInvalid");
    expect(await tagOf(await callApi(path, { body, authorization: null }))).toBe("TokenMissing");
    expect(await tagOf(await callApi(path, { body, authorization: await asUser("ada") }))).toBe("Forbidden");
  });

  test("writes one row of the audit for an event that is delivered twice", async () => {
    const { id, threadId } = await makeSandbox();
    const body = JSON.stringify(eventOf({ data: { sandboxId: id } }));
    for (const _ of [1, 2]) expect((await callApi(path, { body })).status).toBe(200);
    const rows = async () =>
      (await observe(threadId)).calls.filter(
        (call) => call.path === "audit:append" && call.args.action === "webhook.heard",
      );
    await expect.poll(async () => (await rows()).length).toBeGreaterThan(0);
    expect(new Set((await rows()).map(({ args }) => args.auditId)).size).toBe(1);
  });

  test.each([-webhookLimits.skewMs - 60_000, webhookLimits.skewMs + 60_000])(
    "refuses an event that is %i ms off: it may be one of before, said again",
    async (off) => {
      const body = eventOf({ timestamp: new Date(Date.now() + off).toISOString() });
      expect(await tagOf(await callApi(path, { body }))).toBe("SignedUrlExpired");
    },
  );

  test("believes a signature that is right, and none that isn't", async () => {
    const event = eventOf();
    const body = JSON.stringify(event);
    expect((await callApi(path, { body, headers: await signed(body, event.timestamp) })).status).toBe(200);
    const others = [
      await signed(`${body} `, event.timestamp),
      await signed(body, "0"),
      await signed(body, event.timestamp, "x"),
    ];
    for (const headers of others) expect(await tagOf(await callApi(path, { body, headers }))).toBe("SignatureInvalid");
  });

  test.each(["", "{}", '{"event":"other","data":{},"timestamp":1}', '{"event":"sandbox.created","timestamp":1}'])(
    "refuses the body %j",
    async (body) => {
      expect(await tagOf(await callApi(path, { body }))).toBe("ValidationError");
    },
  );

  test("refuses what has no time, and what is too large", async () => {
    expect(await tagOf(await callApi(path, { body: eventOf({ timestamp: "soon" }) }))).toBe("SignedUrlExpired");
    const body = eventOf({ data: { x: "y".repeat(webhookLimits.bytesMax) } });
    expect(await tagOf(await callApi(path, { body }))).toBe("BodyTooLarge");
  });
});

test("S4.45: the providers are told to whoever is signed in, and to nobody else", async () => {
  const path = "/api/v2/agents/providers";
  const answer = await callApi(path, { method: "GET", authorization: await asUser("ada") });
  expect(await answer.json()).toMatchObject({
    docker: { available: true },
    local: { available: true },
    cloudflare: { available: false, reason: "Cloudflare sandboxes not configured" },
  });
  expect(await tagOf(await callApi(path, { method: "GET", authorization: null }))).toBe("TokenMissing");
});
