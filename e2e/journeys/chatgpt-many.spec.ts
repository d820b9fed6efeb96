import { createThread, signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { expect, test, Workspace } from "../support/fixtures.ts";
import { loginsOf } from "../support/logins.ts";
import { startOpenAi } from "../support/openai.ts";

const threads = 4;

test("four sandboxes at once use one login: a token that OpenAI takes back is renewed once, and every turn is answered", async ({
  workspace,
}) => {
  const { openAi, stop } = await startOpenAi();
  try {
    const accessToken = await signInForAccessToken(workspace);
    const logins = loginsOf(accessToken);
    const tabs: Workspace[] = [];
    for (let at = 0; at < threads; at += 1) {
      const tab = new Workspace(await workspace.page.context().newPage());
      await tab.page.goto(`${main.appOrigin}/t/${await createThread(accessToken)}`);
      tabs.push(tab);
    }
    const threadId = new URL(workspace.page.context().pages().at(-1)?.url() ?? "").pathname.split("/").at(-1);
    await logins.send("POST", "/api/logins/connect", { threadId });
    await logins.until("code", "waiting");
    openAi.decide("approved");
    await logins.until("connected");

    openAi.forgetAccess();
    await Promise.all(tabs.map((tab) => tab.send("Who answers?")));
    for (const tab of tabs) {
      await tab.waitUntilAnswered();
      await expect(tab.newest).toContainText("Codex answers as gpt-5.5.");
    }
    const [code = ""] = openAi.userCodes;
    expect([openAi.refreshesOf(code), openAi.reuses]).toEqual([1, 0]);
    expect((await logins.send("GET", "/api/logins")).logins).toMatchObject([{ state: "connected" }]);
  } finally {
    await stop();
  }
});
