import { describe, expect, test } from "vitest";
import { formsOf, redactBody, redactText } from "./redact.ts";

const secret = 'sk-canary/"1+2';
const hidden = formsOf(secret);

const pieces = (text: string, size: number) => {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
};
const redacted = (text: string, size: number) => new Response(redactBody(pieces(text, size), hidden)).text();

describe("an answer that repeats a secret", () => {
  test.each([
    ["as it is", secret],
    ["in an address", encodeURIComponent(secret)],
    ["in JSON", JSON.stringify(secret)],
    ["in base64", btoa(secret)],
    ["in hex", [...secret].map((letter) => letter.charCodeAt(0).toString(16)).join("")],
  ])("%s has stars in its place, wherever its pieces begin, and keeps its length", async (_, form) => {
    const text = `before é ${form}${form} sk-can after`;
    for (let size = 1; size <= text.length + 2; size++) {
      const said = await redacted(text, size);
      expect(said).toMatch(/^before é ["*=]+ sk-can after$/);
      expect(said).toHaveLength(text.length);
    }
    expect(redactText(text, hidden)).not.toContain("canary");
  });

  test("that begins twice is hidden also where the first beginning was none", async () => {
    for (const size of [1, 3, 50])
      expect(await redacted(`sk-cansk-${secret}`, size)).toBe(`sk-cansk-${"*".repeat(14)}`);
  });

  test("is passed on piece by piece: only what may be its beginning waits", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const [writer, reader] = [writable.getWriter(), redactBody(readable, hidden).getReader()];
    const write = (text: string) => writer.write(new TextEncoder().encode(text));
    const read = async () => new TextDecoder().decode((await reader.read()).value);
    const writing = [write("data: one\n\n"), write("data: sk-ca")];
    expect([await read(), await read()]).toEqual(["data: one\n\n", "data: "]);
    writing.push(write("t\n\n"));
    expect(await read()).toBe("sk-cat\n\n");
    await Promise.all([...writing, writer.close()]);
    expect((await reader.read()).done).toBe(true);
  });

  test("is left alone where the text is too short to be told from any other", async () => {
    expect(await new Response(redactBody(pieces("abcabc", 2), ["abc"])).text()).toBe("abcabc");
  });
});
