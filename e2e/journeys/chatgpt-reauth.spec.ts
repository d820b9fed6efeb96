import { signInForAccessToken } from "../support/access.ts";
import { expect, test, Workspace } from "../support/fixtures.ts";
import { loginsOf } from "../support/logins.ts";
import { startOpenAi } from "../support/openai.ts";

const count = "echo counted | tee -a count.txt";

test("a turn whose ChatGPT login ends in the middle waits, and goes on once after the reconnect", async ({
  workspace,
}) => {
  const { openAi, stop } = await startOpenAi();
  try {
    const logins = loginsOf(await signInForAccessToken(workspace));
    await workspace.openNewThread();
    await workspace.send("$ echo ready");
    await workspace.waitUntilAnswered();
    const threadId = new URL(workspace.page.url()).pathname.split("/").at(-1) ?? "";
    await logins.send("POST", "/api/logins/connect", { threadId });
    await logins.until("code", "waiting");
    openAi.decide("approved");
    await logins.until("connected");

    const tabs = [workspace, new Workspace(await workspace.page.context().newPage())] as const;
    await tabs[1].page.goto(workspace.page.url());
    openAi.endWithCommand(count);
    await workspace.send("Count once.");
    for (const { newest } of tabs) {
      await expect(newest.getByText("ChatGPT signed you out. Your thread is safe")).toBeVisible();
      await expect(newest).toContainText("echo counted");
    }
    expect((await logins.until("reauth")).logins).toHaveLength(1);
    const asked = openAi.asked.length;

    await tabs[1].page.getByRole("button", { name: "Connect again" }).click();
    const dialog = tabs[1].page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Connect again" }).click();
    const { flow } = await logins.until("code", "waiting");
    await expect(dialog.getByText(flow?.userCode ?? "no code")).toBeVisible();
    openAi.decide("approved");
    for (const tab of tabs) {
      await tab.waitUntilAnswered();
      await expect(tab.newest).toContainText("Codex answers as");
      await expect(tab.conversation.getByText("ChatGPT signed you out")).toHaveCount(0);
      await expect(tab.conversation.getByRole("article")).toHaveCount(4);
    }
    // The model was called once more, and heard of one asking and of one run of the command.
    const [input, ...more] = openAi.asked.slice(asked).map((call) => call.input);
    expect(more).toEqual([]);
    expect(input?.match(/Count once\./g)).toHaveLength(1);
    expect(input?.match(/"output":"counted/g)).toHaveLength(1);
  } finally {
    await stop();
  }
});
