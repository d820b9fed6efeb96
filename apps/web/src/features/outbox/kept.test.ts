import { expect, test } from "vitest";
import { Drafts } from "./drafts.ts";
import { readableDraft, readableMessages, readOutgoing } from "./kept.ts";
import { memoryKeyValue } from "./key-value.testing.ts";
import { Outbox } from "./outbox.ts";
import { setAside } from "./set-aside.ts";

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

test("a message keeps its files, and of what stands among them what is one", () => {
  const file = { type: "file", mediaType: "image/png", filename: "a.png", url: "device:1" };
  const kept = (attached: unknown) => readOutgoing([{ ...whole, attached }])[0]?.attached;
  expect([kept([null, file, "x", {}]), kept("none"), kept(undefined)]).toEqual([[file], undefined, undefined]);
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

test.each([
  ["all of it", [whole], [whole], 0],
  ["a part", [null, whole], [{ ...whole, state: "waiting" }], 1],
  ["nothing", { not: "a list" }, undefined, 1],
])("where %s can be read, that stays and the rest is set aside", async (_, value, rest, copies) => {
  const [store, aside] = [memoryKeyValue(new Map<string, unknown>([["t", value]])), memoryKeyValue<unknown>()];
  const readable = readableMessages(value);
  expect(readable).toEqual(rest);
  if (readable !== value) await setAside(store, "t", readable, aside);
  expect(store.map.get("t")).toEqual(rest);
  expect([...aside.map.values()]).toEqual(copies === 0 ? [] : [value]);
  expect([readableDraft("text"), readableDraft(5)]).toEqual(["text", undefined]);
});
