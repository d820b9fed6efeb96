import { call, type Step, steps, text } from "@threadbox/model-double/answer";
import { FakeResponses, type ResponsesRequest } from "@threadbox/model-double/responses";
import { Effect } from "effect";
import { describe, expect, test } from "vitest";
import { askModel } from "./ask-model.ts";
import { openAiResponses, summaryIfAllowed } from "./responses.ts";
import { responsesRequest } from "./responses-request.ts";

const key = "sk-canary-91d0c7a2";
const apiUrl = "https://openai-api.test/v1";
const user = { role: "user", content: [{ type: "input_text", text: "Hi" }] };

/** As OpenCode writes it, for the one model that it knows. */
const written = {
  model: "gpt-5",
  input: [{ role: "developer", content: "You help." }, user],
  max_output_tokens: 16_384,
  store: false,
  include: ["reasoning.encrypted_content"],
  prompt_cache_key: "ses_1",
  reasoning: { effort: "medium", summary: "auto" },
  tools: [{ type: "function", name: "bash", parameters: {} }],
  stream: true,
};

const ask = (double: Pick<FakeResponses, "fetch">, model = "gpt-6-sol", body: object = written) => {
  const asked = { text: JSON.stringify(responsesRequest(model, { ...body })), isStream: true };
  const fetcher = summaryIfAllowed((input, init) => double.fetch(new Request(input, init)));
  return Effect.runPromise(askModel(openAiResponses(apiUrl, key), asked, AbortSignal.timeout(60_000), fetcher));
};
const double = (...all: readonly Step[]) => new FakeResponses([key], () => steps(...all));
const answerOf = async (...all: readonly Step[]) => (await ask(double(...all))).text();
/** What the provider itself would have said. */
const plainOf = async (...all: readonly Step[]) => {
  const body = JSON.stringify(responsesRequest("gpt-6-sol", written));
  const headers = { authorization: `Bearer ${key}` };
  return (await double(...all).fetch(new Request(`${apiUrl}/responses`, { method: "POST", headers, body }))).text();
};
const errorIn = (answer: string) =>
  JSON.parse(/event: error\ndata: (.*)\n\n$/.exec(answer)?.[1] ?? "null")?.error as { code: string; message: string };

describe("a streamed response", () => {
  test("passes as it is: text, thinking with its seal, tool calls", async () => {
    const said: readonly Step[] = [
      { kind: "reasoning", pieces: ["First", " I think."] },
      text("Then ", 'I say "type":"response.failed", and go on.'),
      { ...call("bash", { command: 'echo "type":"error"' }), id: "call_1" } as Step,
    ];
    expect(await answerOf(...said)).toBe(await plainOf(...said));
    expect(await answerOf(text("Long"), { kind: "finish", reason: "max_output_tokens" })).toContain("incomplete");
  });

  test("that breaks off ends with an error after which OpenCode doesn't ask again", async () => {
    expect(errorIn(await answerOf(text("Half"), { kind: "leave" }))).toMatchObject({
      code: "invalid_prompt",
      message: "The model stopped partway through its answer. [threadbox unusable]",
    });
  });

  test("whose connection breaks may be asked for once more", async () => {
    expect(errorIn(await answerOf(text("Half"), { kind: "cut" }))).toMatchObject({
      code: "server_error",
      message: expect.stringContaining("[threadbox broken]"),
    });
  });

  test.each([
    ["server_error", "server_error", " [threadbox fault]"],
    ["rate_limit_exceeded", "server_error", " [threadbox limit]"],
    ["insufficient_quota", "invalid_prompt", " [threadbox credit]"],
    ["invalid_prompt", "invalid_prompt", ""],
    ["context_length_exceeded", "context_length_exceeded", ""],
  ])("that fails with %s loses its key, and says whether it is of use to ask again", async (code, told, mark) => {
    const answer = await answerOf(text("Half"), { kind: "error", body: { code, message: `No, ${key}.` } });
    expect(errorIn(answer)).toMatchObject({ code: told, message: `No, [redacted].${mark}` });
    expect(answer).not.toContain(key);
  });

  test("is none where something else answers", async () => {
    const page = { fetch: async () => new Response("<html></html>", { headers: { "content-type": "text/html" } }) };
    const answer = await ask(page);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("isn't a model API");
  });
});

describe("a request", () => {
  /** What arrived, of what a sandbox asks. */
  const arrived = async (model: string, body: object = written): Promise<ResponsesRequest | undefined> => {
    const openAi = double(text("Yes."));
    expect(await (await ask(openAi, model, body)).text()).toContain("Yes.");
    return openAi.seen.at(-1)?.body;
  };

  test("names the chosen model, leaves nothing at OpenAI, and may be answered at any length", async () => {
    expect(await arrived("gpt-6-sol")).toEqual({
      ...written,
      max_output_tokens: undefined,
      model: "gpt-6-sol",
    });
  });

  test.each([
    ["gpt-5-pro", { summary: "auto" }],
    ["gpt-4.1", undefined],
  ])("asks of %s only the thinking that it takes", async (model, reasoning) => {
    expect((await arrived(model))?.reasoning).toEqual(reasoning);
  });

  test("reaches nothing that OpenAI keeps or runs for the key's owner", async () => {
    const tools = [...written.tools, { type: "file_search", vector_store_ids: ["vs_1"] }, { type: "web_search" }];
    const more = { tools, store: true, background: true, previous_response_id: "resp_1", conversation: "conv_1" };
    const file = { role: "user", content: [{ type: "input_file", file_id: "file-1" }] };
    const { input } = (await arrived("gpt-6-sol", { ...written, input: [file] })) ?? {};
    expect(input).toEqual([{ role: "user", content: [{ type: "input_file" }] }]);
    expect(await arrived("gpt-6-sol", { ...written, ...more })).toEqual(await arrived("gpt-6-sol"));
  });

  test("has the sealed thoughts of this turn, and none that another model or key may have thought", async () => {
    const thought = (sealed: string) => ({ type: "reasoning", id: "rs_1", summary: [], encrypted_content: sealed });
    const called = (call_id: string) => [
      { type: "function_call", id: "fc_1", call_id, name: "bash", arguments: "{}" },
      { type: "function_call_output", call_id, output: "" },
    ];
    const own = btoa(`${key} gpt-6-sol`);
    const input = [user, thought("foreign"), ...called("a"), user, thought(own), ...called("b")];
    const seen = (await arrived("gpt-6-sol", { ...written, input }))?.input ?? [];
    expect(seen.map(({ type = "message" }) => type)).toEqual([
      "message",
      ...["function_call", "function_call_output", "message"],
      ...["reasoning", "function_call", "function_call_output"],
    ]);
    expect(seen.some((item) => "id" in item)).toBe(false);
    expect(seen[4]).toMatchObject({ encrypted_content: own });
  });

  test("is sent again without asking for a summary where OpenAI refuses that to an organization", async () => {
    const openAi = double(text("Yes."));
    openAi.isVerified = false;
    expect(await (await ask(openAi)).text()).toContain("Yes.");
    expect(openAi.seen.map(({ body }) => body.reasoning)).toEqual([
      { effort: "medium", summary: "auto" },
      { effort: "medium" },
    ]);
  });

  test("that is refused otherwise says why in OpenAI's words, without the key", async () => {
    const refusal = { kind: "refusal", status: 400, body: { error: { message: `Bad key ${key}` } } } as const;
    const answer = await ask(new FakeResponses([key], () => refusal));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: "Bad key [redacted] [threadbox other]" } });
  });
});
