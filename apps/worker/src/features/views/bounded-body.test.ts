import { expect, test } from "vitest";
import { bounded, ofLength, plainLength } from "./bounded-body.ts";

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

test("a body with a length is the same, and one that is longer or shorter than it says breaks off", async () => {
  const read = async (text: string, length: number) => {
    let hasEnded = false;
    const body = ofLength(new Blob([text]).stream(), length, () => {
      hasEnded = true;
    });
    const told = await new Response(body).text().catch(() => "broken");
    await expect.poll(() => hasEnded).toBe(true);
    return told;
  };
  expect(await read("hello", 5)).toBe("hello");
  for (const length of [4, 6]) expect(await read("hello", length)).toBe("broken");
});

test("a length counts where it is one, of the bytes that come", () => {
  const lengths = [
    { "content-length": "12" },
    { "content-length": "-1" },
    { "content-length": "12", "content-encoding": "gzip" },
    {},
  ];
  expect(lengths.map((headers) => plainLength(new Headers(headers as Record<string, string>)))).toEqual([
    12,
    null,
    null,
    null,
  ]);
});
