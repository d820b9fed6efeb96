import { chunk, done } from "@threadbox/model-double/chunks";
import { withModel } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";

test("an answer that is none costs one call, and the page says what is wrong", async ({
  workspace,
  modelled: { model },
}) => {
  const { conversation } = workspace;
  const tryAgain = conversation.getByRole("button", { name: "Retry" });
  model.reply({ kind: "page" });
  await workspace.begin("Say something.", withModel);
  await expect(conversation).toContainText("isn't a model API. Check MODEL_BASE_URL.");
  await expect(tryAgain).toBeEnabled();
  expect(model.calls().made).toBe(1);

  const half = chunk({ content: "Half of an answer" });
  for (const [text, words] of [
    [half, "The model stopped partway through its answer."],
    [half + chunk({}, "tool_calls") + done, "The model announced a tool call but didn't make it."],
    [chunk({}, "stop") + done, "The model returned an empty answer."],
    [`${half}data: {"error":{"message":"It exploded."}}\n\n`, "returned an error: It exploded."],
  ] as const) {
    model.reply({ kind: "stream", text });
    await tryAgain.click();
    await expect(conversation).toContainText(words);
    await expect(tryAgain).toBeEnabled();
    await expect(conversation).not.toContainText("{");
    expect(model.calls().made, words).toBe(1);
  }

  model.reply({ kind: "stream", text: half + chunk({}, "length") + done });
  await tryAgain.click();
  await expect(conversation).toContainText("The answer reached the model's length limit.");
  await expect(conversation).toContainText("Half of an answer");
  model.reply({ kind: "text", text: "And the other half." });
  await conversation.getByRole("button", { name: "Continue" }).click();
  await expect(conversation).toContainText("And the other half.");
});

test("Stop closes the call to a model that is silent, before its first word and in the middle of its answer", async ({
  workspace,
  modelled: { model },
}) => {
  const stop = async () => {
    await expect.poll(() => model.calls().open).toBeGreaterThan(0);
    await workspace.stopButton.click();
    await expect.poll(() => model.calls().open, { intervals: [50] }).toBe(0);
    await expect(workspace.conversation).toContainText("Stopped after");
  };
  model.reply({ kind: "silence", after: null });
  await workspace.begin("Say something.", withModel);
  await stop();
  model.reply({ kind: "silence", after: "First words, then" });
  await workspace.send("Say something else.");
  await expect(workspace.conversation).toContainText("First words, then");
  await stop();
});
