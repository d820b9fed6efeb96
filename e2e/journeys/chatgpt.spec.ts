import { randomUUID } from "node:crypto";
import type { Locator } from "@playwright/test";
import { headlessMethod } from "@threadbox/contracts/logins";
import { loginsApi } from "@threadbox/contracts/logins-api";
import { fillPath } from "@threadbox/contracts/worker-api";
import { tokenCanary } from "../../apps/worker/src/features/logins/openai.testing.ts";
import { signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { loginsOf } from "../support/logins.ts";
import { startOpenAi } from "../support/openai.ts";
import { sandboxProcesses } from "../support/processes.ts";
import { rawRequest } from "../support/raw-request.ts";
import { foundIn, holds } from "../support/secrets.ts";
import { claimsOf, restartUrl, signThreadToken } from "../support/thread-token.ts";

test("a ChatGPT login answers a thread, also in its next sandbox, until it is disconnected", async ({
  workspace,
  otherWorkspace,
}) => {
  const { openAi, stop } = await startOpenAi();
  try {
    const accessToken = await signInForAccessToken(workspace);
    const logins = loginsOf(accessToken);
    const tabs = [workspace.page, await workspace.page.context().newPage()] as const;
    const [card, otherCard] = tabs.map((tab) => tab.getByRole("region", { name: "Connect ChatGPT (Codex)" })) as [
      Locator,
      Locator,
    ];
    for (const tab of tabs) await tab.goto(`${main.appOrigin}/settings`);

    // Nobody has a thread yet: the sandbox that OpenCode asks in is made for it.
    await card.getByRole("button", { name: "Connect ChatGPT" }).click();
    const { flow } = await logins.until("code", "waiting");
    expect(flow).toMatchObject({
      userCode: openAi.userCodes[0],
      verificationUri: "https://auth.openai.com/codex/device",
    });
    const threadId = flow?.threadId ?? "";
    for (const shown of [card, otherCard]) {
      await expect(shown.getByText(flow?.userCode ?? "no code")).toBeVisible();
      await expect(shown.getByText("auth.openai.com/codex/device")).toBeVisible();
    }
    const again = await logins.send("POST", "/api/logins/connect", { threadId });
    expect(again.flow).toMatchObject({ id: flow?.id, userCode: flow?.userCode });
    // OpenCode's own routes lead to the same code, and hear of its end.
    const userId = String(claimsOf(accessToken).sub);
    const oauth = async (path: string) =>
      rawRequest(`${main.workerUrl}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${await signThreadToken(threadId, userId)}` },
        body: JSON.stringify({ method: headlessMethod }),
      });
    const authorized = await oauth(fillPath(loginsApi.authorizeProvider.path, { threadId }));
    const instructions = expect.stringContaining(flow?.userCode ?? "no code");
    expect(JSON.parse(authorized.text)).toEqual({ url: flow?.verificationUri, method: "auto", instructions });
    const waiting = oauth(fillPath(loginsApi.awaitProvider.path, { threadId }));
    openAi.decide("approved");
    const [login] = (await logins.until("connected")).logins;
    expect(login).toMatchObject({ account: "a***@example.com", plan: "plus", isDefault: true });

    expect(await waiting).toMatchObject({ status: 200, text: "true" });
    for (const shown of [card, otherCard]) await expect(shown.getByText("Connected as a***@example.com")).toBeVisible();

    await workspace.page.goto(`${main.appOrigin}/t/${threadId}`);
    await workspace.send("Who answers?");
    await workspace.waitUntilAnswered();
    await expect(workspace.newest).toContainText("Codex answers as gpt-5.5.");
    expect(openAi.asked.every(({ account }) => account === openAi.options.account.id)).toBe(true);

    const authorization = `Bearer ${await signThreadToken(threadId, userId)}`;
    const restarted = await rawRequest(restartUrl(threadId), { method: "POST", headers: { authorization } });
    expect(restarted.status).toBe(200);
    const answered = openAi.asked.length;
    await workspace.send("And after a restart?");
    await workspace.waitUntilAnswered();
    await expect(workspace.newest).toContainText("Codex answers as gpt-5.5.");
    expect(openAi.asked.length).toBeGreaterThan(answered);
    expect(openAi.userCodes).toHaveLength(1);

    await otherCard.getByRole("button", { name: "Disconnect" }).click();
    await tabs[1].getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
    await expect(otherCard.getByText("Disconnected, and the tokens kept here are deleted.")).toBeVisible();
    const last = openAi.asked.length;
    // What the sandbox holds is on its disk by then, and so is what another user's has been given meanwhile.
    const [plant, otherPlant] = [`plant-${randomUUID()}`, `plant-${randomUUID()}`];
    await workspace.send(`$ echo ${plant} > plant.txt; sync`);
    await otherWorkspace.begin(`$ echo ${otherPlant} > plant.txt; sync`);
    for (const one of [workspace, otherWorkspace]) await one.waitUntilAnswered();
    expect(openAi.asked).toHaveLength(last);

    const canary = { name: "a token of ChatGPT's", value: tokenCanary, belongs: [] };
    const planted = { name: "what was planted", value: plant, belongs: [] };
    expect(foundIn("sandboxes", main, [canary, planted], otherPlant)).toEqual({ hasKnown: true, secrets: [planted] });
    for (const { environment, commandLine } of sandboxProcesses(main))
      expect(holds(environment + commandLine, canary)).toBe(false);
    for (const folder of ["logs", "convex", "worker"] as const)
      expect(foundIn(folder, main, [canary], threadId), folder).toEqual({ hasKnown: true, secrets: [] });
  } finally {
    await stop();
  }
});
