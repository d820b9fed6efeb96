import { codexModels } from "@threadbox/contracts/model";
import { signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { loginsOf } from "../support/logins.ts";
import { startOpenAi } from "../support/openai.ts";
import { rawRequest } from "../support/raw-request.ts";
import { claimsOf, signThreadToken } from "../support/thread-token.ts";

test("a thread is answered by what is chosen beside its composer, in every tab", async ({ workspace }) => {
  const { openAi, stop } = await startOpenAi();
  try {
    const accessToken = await signInForAccessToken(workspace);
    const logins = loginsOf(accessToken);
    const { page } = workspace;
    await workspace.openNewThread();
    const model = (name: string, tab = page) => tab.getByRole("button", { name: `Model: ${name}`, exact: true });

    // Nothing is connected: the workspace's model is all there is, with the way to connect more and its help.
    await model("Demo model").click();
    const picker = page.getByRole("dialog", { name: "What answers the new thread" });
    await expect(picker.getByRole("option")).toHaveText(["Demo model"]);
    await expect(picker.getByRole("button", { name: "Connect ChatGPT…" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(picker).toBeHidden();
    await expect(model("Demo model")).toBeFocused();

    await workspace.send("$ echo ready");
    await workspace.waitUntilAnswered();
    await expect(model("Demo model")).toBeVisible();
    const threadId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const other = await page.context().newPage();
    await other.goto(page.url());
    await expect(model("Demo model", other)).toBeVisible();

    // Connected from anywhere: both tabs say what answers now, by themselves.
    await logins.send("POST", "/api/logins/connect", { threadId });
    await logins.until("code", "waiting");
    openAi.decide("approved");
    await logins.until("connected");
    for (const tab of [page, other]) await expect(model("GPT-5.5 (ChatGPT)", tab)).toBeVisible();

    await model("GPT-5.5 (ChatGPT)").click();
    const list = page.getByRole("dialog", { name: "What answers this thread" });
    await expect(list.getByRole("option", { name: "Default", selected: true })).toBeVisible();
    await expect(list.getByRole("option")).toHaveCount(codexModels.length + 2);
    await expect(list.getByRole("combobox", { name: "Search models" })).toBeFocused();
    await page.keyboard.type("5.4 mini");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    for (const tab of [page, other]) await expect(model("GPT-5.4 mini (ChatGPT)", tab)).toBeVisible();
    await workspace.send("Who answers?");
    await workspace.waitUntilAnswered();
    await expect(workspace.newest).toContainText("Codex answers as gpt-5.4-mini.");
    await expect(page.getByText("60 % of the weekly limit left")).toBeVisible();

    // What is offered is what the real OpenCode has for a login.
    const authorization = `Bearer ${await signThreadToken(threadId, String(claimsOf(accessToken).sub))}`;
    const offered = await rawRequest(`${main.workerUrl}/sandbox/${threadId}/opencode/config/providers`, {
      headers: { authorization },
    });
    const { providers } = JSON.parse(offered.text) as {
      readonly providers: readonly { readonly id: string; readonly models: Readonly<Record<string, unknown>> }[];
    };
    const ofLogin = Object.keys(providers.find(({ id }) => id === "openai")?.models ?? {});
    expect(ofLogin.toSorted()).toEqual(codexModels.map(({ id }) => id).toSorted());

    await model("GPT-5.4 mini (ChatGPT)", other).click();
    await other.getByRole("option", { name: "Demo model" }).click();
    for (const tab of [page, other]) await expect(model("Demo model", tab)).toBeVisible();
    const asked = openAi.asked.length;
    await workspace.send("$ echo and now?");
    await workspace.waitUntilAnswered();
    expect(openAi.asked).toHaveLength(asked);
    await expect(page.getByText("60 % of the weekly limit left")).toBeHidden();

    // The next thread begins as this one was left.
    await workspace.openNewThread();
    await expect(model("Demo model")).toBeVisible();
    await workspace.send("$ echo from the start");
    await workspace.waitUntilAnswered();
    await expect(model("Demo model")).toBeVisible();
    expect(openAi.asked).toHaveLength(asked);
  } finally {
    await stop();
  }
});
