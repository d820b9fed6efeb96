import { expect, test } from "vitest";
import { memoryKeyValue } from "../outbox/key-value.testing.ts";
import { DeviceFiles } from "./device-files.ts";

const day = 24 * 60 * 60_000;

test("a file is there after a reload until it is dropped", async () => {
  const { map } = memoryKeyValue<unknown>();
  expect(await new DeviceFiles(memoryKeyValue(map)).keep("device:1", new Blob(["abc"]), 0)).toBe(true);
  const after = new DeviceFiles(memoryKeyValue(map));
  expect(await (await after.find("device:1"))?.text()).toBe("abc");
  await after.drop("device:1");
  expect([await after.find("device:1"), map.size]).toEqual([null, 0]);
});

test("a store that takes nothing says so, and the file is there as long as the page is", async () => {
  const full = { ...memoryKeyValue<unknown>(), set: () => Promise.reject(new Error("full")) };
  const files = new DeviceFiles(full);
  expect(await files.keep("device:1", new Blob(["abc"]), 0)).toBe(false);
  expect(await (await files.find("device:1"))?.text()).toBe("abc");
});

test("what nobody came back for is removed, and what can't be read is nothing", async () => {
  const { map } = memoryKeyValue<unknown>();
  const files = new DeviceFiles(memoryKeyValue(map));
  await files.keep("device:old", new Blob(["a"]), 0);
  await files.keep("device:new", new Blob(["b"]), 2 * day);
  map.set("device:odd", "text");
  expect(await files.find("device:odd")).toBeNull();
  await files.sweep(31 * day);
  expect([...map.keys()]).toEqual(["device:new"]);
});
