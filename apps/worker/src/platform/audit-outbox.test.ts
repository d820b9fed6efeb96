import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { observe } from "../testing/observe.testing.ts";
import { outboundUrls } from "../testing/outbound.testing.ts";
import { newThreadId } from "../testing/tokens.testing.ts";
import { setAsideAction } from "./audit-outbox.ts";

/** An object of this test's own: what others owe does not count here. */
const newOutbox = () => env.AUDIT_OUTBOX.getByName(`audit-of-test-${crypto.randomUUID()}`);
const rowOf = (threadId: string, action = "sandbox.restarted") => ({
  auditId: crypto.randomUUID(),
  at: 1,
  action,
  outcome: "succeeded" as const,
  threadId,
});
const told = async (threadId: string) => (await observe(threadId)).calls.map(({ args }) => args.auditId);

test("a row of the audit outlasts a Convex that is away", async () => {
  const threadId = newThreadId();
  const row = rowOf(threadId);
  const outbox = newOutbox();
  await fetch(`${outboundUrls.convexFaults}/${threadId}`, { method: "POST", body: "3" });
  await outbox.append(row);
  await expect.poll(() => outbox.counts()).toEqual({ owed: 0, setAside: 0 });
  expect(new Set(await told(threadId))).toEqual(new Set([row.auditId]));
});

test("rows are kept, with another look to come, for as long as Convex does not answer", async () => {
  const threadId = newThreadId();
  const outbox = newOutbox();
  await fetch(`${outboundUrls.convexFaults}/${threadId}`, { method: "POST", body: `${Number.MAX_SAFE_INTEGER}` });
  await outbox.append(rowOf(threadId));
  await runDurableObjectAlarm(outbox);
  expect(await outbox.counts()).toEqual({ owed: 1, setAside: 0 });
  const alarm = await runInDurableObject(outbox, (_, { storage }) => storage.getAlarm());
  expect(alarm).not.toBeNull();
});

test("what other outboxes have set aside is counted with its own", async () => {
  const threadId = newThreadId();
  const outbox = newOutbox();
  await outbox.append(rowOf(threadId, setAsideAction));
  await expect.poll(() => outbox.counts()).toEqual({ owed: 0, setAside: 1 });
});
