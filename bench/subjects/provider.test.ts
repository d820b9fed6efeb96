import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineNowMs, printDirective } from "../harness/directive.ts";
import { serverSentData } from "../harness/sse.ts";
import { TokenTally } from "../harness/token-tally.ts";
import { startProvider } from "./provider.ts";

let provider: Awaited<ReturnType<typeof startProvider>>;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.stop());

const ask = (body: object) =>
  fetch(`${provider.baseUrl}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "default", ...body }),
  });
const prompt = (text: string) => [{ role: "user", content: [{ type: "text", text }] }];
const textOf = (data: string): string =>
  data === "[DONE]"
    ? ""
    : ((JSON.parse(data) as { choices: { delta?: { content?: string } }[] }).choices[0]?.delta?.content ?? "");

describe("the bench's model provider", () => {
  test("streams the tokens that the prompt asks for, in order, not before their time", async () => {
    const promptedAtMs = machineNowMs();
    const tally = new TokenTally(promptedAtMs, 0);
    const messages = prompt(printDirective({ tokens: 10, firstMs: 50, everyMs: 5 }));
    const { body } = await ask({ stream: true, tools: [{}], messages });
    for await (const data of serverSentData(body ?? new ReadableStream())) tally.take(textOf(data), machineNowMs());
    const { firstTokenMs, faults } = tally.observe(10);
    expect(faults).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
    expect(firstTokenMs).toBeGreaterThanOrEqual(49);
    expect(machineNowMs() - promptedAtMs).toBeGreaterThanOrEqual(94);
  });

  test("answers a request for a title at once, whatever the prompt in it asks for", async () => {
    const messages = prompt(printDirective({ tokens: 10, firstMs: 10_000, everyMs: 5 }));
    const response = await ask({ stream: true, messages });
    expect(await response.text()).toContain("Done.");
  });

  test("answers about 450 bytes of JSON where no stream is asked for", async () => {
    const response = await ask({ messages: prompt("hello") });
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(400);
    expect((await ask({ messages: prompt("hello") })).headers.get("content-type")).toBe("application/json");
  });
});
