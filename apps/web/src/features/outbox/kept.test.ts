import { expect, test } from "vitest";
import { Drafts } from "./drafts.ts";
import { readOutgoing } from "./kept.ts";
import { memoryKeyValue } from "./key-value.testing.ts";
import { Outbox } from "./outbox.ts";

const whole = { id: "1", text: "hello", createdAt: 1, siblingOf: "0" };
const nonsense = [
  null,
  5,
  "text",
  {},
  { id: "2" },
  { ...whole, id: 3 },
  { ...whole, text: null },
  { ...whole, createdAt: "x" },
];

test("a message that was kept comes back to be sent, whatever lies beside it", () => {
  expect(readOutgoing([...nonsense, { ...whole, state: "gone", failure: 7 }])).toEqual([
    { ...whole, state: "waiting" },
  ]);
});

test.each([...nonsense, [[[]]]])("a device that kept %j has nothing to send, and takes what is new", async (value) => {
  const map = new Map<string, unknown>([["t", value]]);
  const outbox = new Outbox(memoryKeyValue(map));
  await outbox.loadAll();
  expect([outbox.list("t"), outbox.pendingThreads()]).toEqual([[], []]);
  outbox.add("t", { id: "9", text: "new", createdAt: 2 });
  expect(readOutgoing(map.get("t"))).toHaveLength(1);
});

test.each(nonsense.filter((value) => typeof value !== "string"))("a draft that is %j is none", async (value) => {
  expect(await new Drafts(memoryKeyValue(new Map<string, unknown>([["t", value]]))).read("t")).toBe("");
});
