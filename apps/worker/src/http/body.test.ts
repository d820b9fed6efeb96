import { describe, expect, test } from "vitest";
import { readBytes } from "./body.ts";

/** Pieces of ten bytes without end; `given` counts what was taken of them. */
const endless = () => {
  const given = { bytes: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      given.bytes += 10;
      controller.enqueue(new Uint8Array(10));
    },
  });
  return { body, given };
};

describe("a body that is read whole", () => {
  test("is what was sent, with a length ahead of it and without", async () => {
    for (const headers of [{ "content-length": "5" }, {}] as Record<string, string>[]) {
      const bytes = await readBytes(new Response("hello", { headers }), 5);
      expect(new TextDecoder().decode(bytes ?? undefined)).toBe("hello");
    }
    expect(await readBytes(new Response(null), 5)).toEqual(new Uint8Array());
  });

  test("is refused past its limit before a byte is read, where its length is told", async () => {
    const { body } = endless();
    const response = new Response(body, { headers: { "content-length": "6" } });
    expect(await readBytes(response, 5)).toBeNull();
    expect(response.bodyUsed).toBe(false);
  });

  test.each([
    ["no length", {}],
    ["a length that is none", { "content-length": "5, 5" }],
    ["a length that its framing makes void", { "content-length": "5", "transfer-encoding": "chunked" }],
  ] as [string, Record<string, string>][])("is counted as it comes with %s", async (_, headers) => {
    const { body, given } = endless();
    expect(await readBytes(new Response(body, { headers }), 100)).toBeNull();
    expect(given.bytes).toBeLessThan(200);
  });
});
