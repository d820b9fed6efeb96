import { type ErrorTag, errorTable } from "@threadbox/contracts/errors";
import { ThreadId } from "@threadbox/contracts/ids";
import { beforeAll, describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import { ChatClient, orderOpenCode, textOf } from "../chat/chat-client.testing.ts";
import { loadWorker, loseAgent, midText, whole } from "../chat/thread.testing.ts";
import { isWorkspaceModel } from "./message.ts";
import { callApi, makeSandbox, tagOf } from "./sandbox-api.testing.ts";

beforeAll(loadWorker);

interface Answer {
  readonly sessionId: string;
  readonly response: string;
  readonly parts: readonly { readonly type: string }[];
}
const say = (id: string, message: string, more: Readonly<Record<string, unknown>> = {}, key?: string) =>
  callApi(`/sandbox/${id}/message`, {
    body: { message, ...more },
    ...(key === undefined ? {} : { headers: { "idempotency-key": key } }),
  });
const answerOf = async (response: Response) => (await response.json()) as Answer;
const expectRefusal = async (response: Response, tag: ErrorTag) => {
  expect([await tagOf(response), response.status]).toEqual([tag, errorTable[tag].status]);
};

describe("S4.12, S4.20–S4.23, S4.56: POST /sandbox/:id/message", () => {
  test("answers with session, text and parts when the turn has ended", async () => {
    const { id } = await makeSandbox();
    const answer = await answerOf(await say(id, "text"));
    expect(answer).toEqual({
      sessionId: expect.stringMatching(/^ses_/),
      response: whole,
      parts: expect.arrayContaining([expect.objectContaining({ type: "text", text: whole })]),
    });
  });

  test("is a message of the thread, which its owner sees answered", async () => {
    const { id, threadId } = await makeSandbox();
    const tab = await ChatClient.open(ThreadId.make(threadId));
    const { response } = await answerOf(await say(id, "text"));
    await tab.calm();
    expect(tab.transcript().map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(textOf(tab.transcript()[1])).toBe(response);
  });

  test("goes on with the thread's session, named or not, and with no other", async () => {
    const { id } = await makeSandbox();
    const { sessionId } = await answerOf(await say(id, "text"));
    expect((await answerOf(await say(id, "text", { sessionId }))).sessionId).toBe(sessionId);
    expect((await answerOf(await say(id, "text", { sessionId: null }))).sessionId).toBe(sessionId);
    await expectRefusal(await say(id, "text", { sessionId: "ses_elsewhere" }), "NotFound");
  });

  test("waits its turn behind what is asked already", async () => {
    const { id } = await makeSandbox();
    const answers = await Promise.all([say(id, "text"), say(id, "tools")].map(async (asked) => answerOf(await asked)));
    expect(answers.map(({ response }) => response)).toEqual([
      whole,
      "I write a file first.The file is there and it counted to four.",
    ]);
  });

  test("says why there is no answer", async () => {
    const { id } = await makeSandbox();
    const failed = await say(id, "refused");
    expect(failed.status).toBe(502);
    expect(await failed.text()).toContain("This model does not exist.");
  });

  test("asked again under the same key is the same turn, also when the thread's agent was lost meanwhile", async () => {
    const { id, threadId } = await makeSandbox();
    const thread = ThreadId.make(threadId);
    await orderOpenCode(thread, { order: "hold", at: midText });
    const tab = await ChatClient.open(thread);
    const first = say(id, "text", {}, "key-1");
    await tab.until(() => tab.heard() === "Hello there, this is ");
    await loseAgent(thread);
    const second = say(id, "text", {}, "key-1");
    await orderOpenCode(thread, { order: "go on" });
    for (const asked of [first, second]) expect((await answerOf(await asked)).response).toBe(whole);
    const later = await say(id, "text", {}, "key-1");
    expect((await answerOf(later)).response).toBe(whole);
    await expectRefusal(await say(id, "something else", {}, "key-1"), "Conflict");
  });

  test("refuses what is no message, a key that is none, and a model that would not answer", async () => {
    const { id } = await makeSandbox();
    await expectRefusal(await say(id, " "), "ValidationError");
    await expectRefusal(await say(id, "x".repeat(131_073)), "BodyTooLarge");
    await expectRefusal(await callApi(`/sandbox/${id}/message`, { body: {} }), "ValidationError");
    await expectRefusal(await say(id, "text", {}, "no key"), "ValidationError");
    await expectRefusal(await say(id, "text", { model: "openai/gpt-5" }), "ValidationError");
    await expectRefusal(
      await callApi(`/sandbox/${newThreadId("gone")}/message`, { body: { message: "x" } }),
      "NotFound",
    );
  });

  test("takes the model that answers anyway, however it is named", () => {
    const model = { provider: "demo", id: "demo", label: "Demo model" } as const;
    for (const same of [
      "demo",
      "Demo model",
      "threadbox/default",
      { providerID: "any", modelID: "demo" },
      null,
      undefined,
    ])
      expect(isWorkspaceModel(same, model)).toBe(true);
    for (const other of ["gpt-5", { providerID: "openai", modelID: "gpt-5" }])
      expect(isWorkspaceModel(other, model)).toBe(false);
  });
});
