import { openCodeApi } from "@threadbox/contracts/views";
import { fillPath } from "@threadbox/contracts/worker-api";
import { signInForAccessToken } from "../support/access.ts";
import { main } from "../support/addresses.ts";
import { expect, test } from "../support/fixtures.ts";
import { heldCommand } from "../support/held-command.ts";
import { openCodeFrame, openedView, openOpenCode } from "../support/opencode-view.ts";
import { killOpenCode } from "../support/processes.ts";
import { claimsOf, signThreadToken } from "../support/thread-token.ts";

test("chat and OpenCode's own page are one conversation, on the same computer and in one order", async ({
  workspace,
}) => {
  const { page, conversation } = workspace;
  await workspace.begin("$ echo from-the-$((40 + 2)) > shared.txt && cat shared.txt");
  await workspace.waitForOutput("from-the-42");
  await workspace.waitUntilAnswered();
  const frame = await openOpenCode(workspace);
  await expect(frame.getByText("echo from-the-$((40 + 2))").first()).toBeVisible();
  const box = frame.getByRole("textbox").first();

  await box.fill("$ tr a-z A-Z < shared.txt");
  await box.press("Enter");
  const written = conversation.getByRole("article").filter({ hasText: "tr a-z A-Z < shared.txt" }).first();
  await expect(written).toContainText("from OpenCode");
  await workspace.waitForOutput("FROM-THE-42");
  await workspace.waitUntilAnswered();

  const held = heldCommand("echo held", "echo let-go");
  await workspace.send(held.message);
  await workspace.waitUntilRunning();
  await expect(frame.getByText(held.standstill).first()).toBeVisible();
  await box.fill("$ echo second-$((40 + 2))");
  await box.press("Enter");
  await expect(conversation.getByText("Queued")).toBeVisible();
  await workspace.composer.fill("$ echo third-$((40 + 2))");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const waiting = page.getByRole("region", { name: "Up next (2)" }).getByRole("listitem");
  await expect(waiting).toContainText([/second/, /third/]);
  await held.release();
  await workspace.waitForOutput("third-42");
  await workspace.waitUntilAnswered();
  await expect(frame.getByText("echo third-$((40 + 2))").first()).toBeVisible();
  const asked = conversation.getByRole("article", { name: "You" });
  await expect(asked).toContainText([/from-the/, /tr a-z/, /held/, /second/, /third/]);
  await page.reload();
  await expect(asked).toContainText([/from-the/, /tr a-z/, /held/, /second/, /third/]);
  await expect(conversation.getByText("from OpenCode")).toHaveCount(2);
  await openCodeFrame(page);
  await page.getByRole("button", { name: "Back to chat" }).click();
  await expect(page.getByRole("complementary", { name: "Computer" })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("button", { name: "Show computer" })).toBeVisible();
});

test("a browser that is sent to a thread's OpenCode comes to the thread with OpenCode beside it", async ({
  workspace,
}) => {
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  const threadId = new URL(workspace.page.url()).pathname.split("/").at(-1);
  await workspace.page.goto(`${main.workerUrl}/sandbox/opencode?thread=${threadId}`);
  await openCodeFrame(workspace.page);
  expect(new URL(workspace.page.url()).origin).toBe(main.appOrigin);
});

test("a sandbox that is started anew brings its OpenCode back by itself", async ({ workspace }) => {
  const { page } = workspace;
  await workspace.begin("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  await openOpenCode(workspace);
  expect(killOpenCode()).toBeGreaterThan(0);
  const reopened = openedView(page);
  await workspace.send("$ echo again-$((40 + 2))");
  await workspace.waitForOutput("again-42");
  expect((await reopened).status()).toBe(200);
  await openCodeFrame(page);
});

test("a flood in a terminal of OpenCode's own page holds up no turn, and Ctrl-C ends it", async ({ workspace }) => {
  const userId = String(claimsOf(await signInForAccessToken(workspace)).sub);
  await workspace.openNewThread();
  await workspace.send("$ echo ready-$((40 + 2))");
  await workspace.waitUntilAnswered();
  const threadId = new URL(workspace.page.url()).pathname.split("/").at(-1) ?? "";
  const authorization = `Bearer ${await signThreadToken(threadId, userId)}`;
  const openCode = `${main.workerUrl}${fillPath(openCodeApi.root.path, { threadId })}`;
  const opened = await fetch(`${openCode}/pty`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: "{}",
  });
  const { id } = (await opened.json()) as { readonly id: string };
  const socket: WebSocket = Reflect.construct(WebSocket, [
    `${openCode.replace(/^http/, "ws")}/pty/${id}/connect`,
    { headers: { authorization } },
  ]);
  let printed = "";
  let bytes = 0;
  socket.addEventListener("message", ({ data }) => {
    if (typeof data !== "string") return;
    bytes += data.length;
    printed = (printed + data).slice(-10_000);
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  socket.send("yes\n");
  await expect.poll(() => bytes).toBeGreaterThan(1_000_000);
  await workspace.send("$ echo beside-$((40 + 2))");
  await workspace.waitForOutput("beside-42");
  await workspace.waitUntilAnswered();
  socket.send("\u0003");
  socket.send("echo ended-$((40 + 2))\n");
  await expect.poll(() => printed).toContain("ended-42");
  socket.close();
});
