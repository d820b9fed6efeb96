import { describe, expect, test } from "vitest";
import { Drafts } from "./drafts.ts";
import { memoryKeyValue } from "./key-value.testing.ts";

describe("drafts", () => {
  test("survive a reload, each in its thread", async () => {
    const { map } = memoryKeyValue<unknown>();
    const before = new Drafts(memoryKeyValue(map));
    await Promise.all([before.write("a", "for a"), before.write("b", "for b")]);
    const after = new Drafts(memoryKeyValue(map));
    expect([await after.read("a"), await after.read("b"), await after.read("c")]).toEqual(["for a", "for b", ""]);
  });

  test("keep the last of several quick writes, even where the store is slow", async () => {
    const store = memoryKeyValue<unknown>();
    const waiting: (() => void)[] = [];
    const slow = {
      ...store,
      set: (key: string, value: unknown) =>
        new Promise<void>((resolve) => waiting.push(resolve)).then(() => store.set(key, value)),
    };
    const drafts = new Drafts(slow);
    const writes = [drafts.write("a", "1"), drafts.write("a", "12"), drafts.write("a", "123")];
    const finish = async () => {
      for (const write of writes) {
        await Promise.resolve().then(() => waiting.shift()?.());
        await write;
      }
    };
    await finish();
    expect(store.map.get("a")).toBe("123");
  });

  test("leave nothing behind once they are sent", async () => {
    const store = memoryKeyValue<unknown>();
    const drafts = new Drafts(store);
    await drafts.write("a", "text");
    await drafts.write("a", "");
    expect(store.map.size).toBe(0);
  });

  test("a store that fails costs the draft and nothing else", async () => {
    const broken = {
      ...memoryKeyValue<unknown>(),
      get: () => Promise.reject(new Error("no disk")),
      set: () => Promise.reject(new Error("no disk")),
    };
    const drafts = new Drafts(broken);
    await drafts.write("a", "text");
    expect(await drafts.read("a")).toBe("");
  });

  test("a message that is taken back stands above what was typed since, in the box or in the store", async () => {
    const drafts = new Drafts(memoryKeyValue<unknown>());
    await drafts.write("a", "typed since");
    await drafts.giveBack("a", "sent before");
    expect(await drafts.read("a")).toBe("sent before\n\ntyped since");
    const taken: string[] = [];
    const leave = drafts.show("a", (text) => taken.push(text));
    await drafts.giveBack("a", "another");
    leave();
    await drafts.giveBack("b", "alone");
    expect(taken).toEqual(["another"]);
    expect([await drafts.read("a"), await drafts.read("b")]).toEqual(["sent before\n\ntyped since", "alone"]);
  });
});
