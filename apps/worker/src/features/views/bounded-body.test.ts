import { expect, test } from "vitest";
import { bounded } from "./bounded-body.ts";

const endless = () =>
  new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) });

test("A44: a body without an end breaks off where it is more than is passed on", async () => {
  let ends = 0;
  const reader = bounded(endless(), 1024 * 1024, () => {
    ends += 1;
  }).getReader();
  let bytes = 0;
  const read = async () => {
    for (;;) bytes += (await reader.read()).value?.byteLength ?? 0;
  };
  await expect(read()).rejects.toThrow("too many bytes");
  expect([bytes, ends]).toEqual([1024 * 1024, 1]);
});

test("a body that ends in time is the same", async () => {
  expect(await new Response(bounded(new Blob(["hello"]).stream(), 5)).text()).toBe("hello");
});
