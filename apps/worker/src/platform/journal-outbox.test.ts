import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { observe } from "../testing/observe.testing.ts";
import { outboundUrls } from "../testing/outbound.testing.ts";
import { newThreadId } from "../testing/tokens.testing.ts";
import { journalOutboxRef } from "./refs.ts";

const entriesMax = 3;

const open = () => {
  const threadId = newThreadId();
  const outbox = journalOutboxRef(env, threadId);
  const group = { threadId, kind: "egress", entriesMax };
  const tally = (subject: string, at: number, count = 1, window = 1) =>
    outbox.tally({ ...group, window }, [{ subject, detail: "deny", count, firstAt: at, lastAt: at }]);
  /** What Convex holds then: of each entry its newest revision. */
  const told = async () => {
    await expect.poll(() => outbox.counts()).toEqual({ owed: 0, setAside: 0 });
    const entries = new Map((await observe(threadId)).calls.map(({ args }) => [args.entryId, args]));
    return [...entries.values()].map(({ subject, count, at, until, revision }) => ({
      subject,
      count,
      at,
      until,
      revision,
    }));
  };
  return { threadId, outbox, tally, told };
};

test("what happens again within its time is one entry with a count, and its first and last time", async () => {
  const { tally, told } = open();
  await tally("a.test", 10, 4);
  await tally("a.test", 7, 1);
  await tally("a.test", 90, 7);
  await tally("b.test", 50);
  await tally("a.test", 400, 1, 2);
  expect(await told()).toEqual([
    { subject: "a.test", count: 12, at: 7, until: 90, revision: 12 },
    { subject: "b.test", count: 1, at: 50, until: 50, revision: 1 },
    { subject: "a.test", count: 1, at: 400, until: 400, revision: 1 },
  ]);
});

test("a program that asks for ever more hosts makes no more entries than are allowed, and all are counted", async () => {
  const { tally, told } = open();
  for (let host = 0; host < 50; host += 1) await tally(`h${host}.test`, host);
  await tally("h0.test", 60);
  const entries = await told();
  expect(entries.map(({ subject }) => subject).sort()).toEqual(["", "h0.test", "h1.test", "h2.test"]);
  expect(entries.reduce((sum, { count }) => sum + Number(count), 0)).toBe(51);
});

test("an entry outlasts a Convex that is away, and only its newest revision is owed", async () => {
  const { threadId, tally, told } = open();
  await fetch(`${outboundUrls.convexFaults}/${threadId}`, { method: "POST", body: "3" });
  for (let time = 1; time <= 5; time += 1) await tally("a.test", time);
  expect(await told()).toMatchObject([{ count: 5, at: 1, until: 5 }]);
});
