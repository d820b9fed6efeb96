import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { call, steps, text } from "@threadbox/model-double/answer";
import { FakeAnthropic, type MessageRequest } from "@threadbox/model-double/anthropic";
import { FakeResponses } from "@threadbox/model-double/responses";
import { startModelDouble } from "@threadbox/model-double/server";
import { anthropicPort, compatible, main, openAiApiPort } from "../support/addresses.ts";
import { serveDouble } from "../support/double-server.ts";
import { expect, test } from "../support/fixtures.ts";
import { heldCommand } from "../support/held-command.ts";

const newKey = (): string => `sk-journey-${randomUUID()}`;

/** Settings → Model keys, by the names that a person reads there. */
class KeysPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get section(): Locator {
    return this.page.getByRole("region", { name: "Model keys" });
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  row(name: string): Locator {
    return this.section.getByRole("listitem").filter({ hasText: name });
  }

  async open(): Promise<void> {
    await this.page.goto(`${main.appOrigin}/settings#model-keys`);
    await expect(this.section.getByRole("button", { name: "Add a key" })).toBeEnabled();
  }

  async beginAdding(provider: string): Promise<void> {
    await this.section.getByRole("button", { name: "Add a key" }).click();
    await this.dialog.getByText(provider, { exact: true }).click();
  }

  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, value] of Object.entries(fields))
      await this.dialog.getByLabel(label, { exact: true }).fill(value);
  }

  async submit(verb: string): Promise<void> {
    await this.dialog.getByRole("button", { name: verb, exact: true }).click();
  }

  async remove(name: string): Promise<void> {
    await this.row(name).getByRole("button", { name: "Remove" }).click();
    await this.submit("Remove");
    await expect(this.dialog).toBeHidden();
    await expect(this.row(name)).toBeHidden();
  }
}

const isAnswered = ({ messages }: MessageRequest): boolean => {
  const content = messages.at(-1)?.content;
  return Array.isArray(content) && content.some(({ type }) => type === "tool_result");
};

test("a person's own Anthropic key answers their thread in Anthropic's own words, and when it is removed the page says so and leads on", async ({
  workspace,
}) => {
  const [wrong, value] = [newKey(), newKey()];
  const anthropic = new FakeAnthropic([value], (request) =>
    isAnswered(request)
      ? steps(text("Claude is", " done."))
      : steps(
          { kind: "reasoning", pieces: ["I should", " run it."] },
          text("I run it."),
          call("bash", { command: "echo from-claude-$((40 + 2))", description: "Run it" }),
        ),
  );
  const { stop } = await serveDouble(anthropic, anthropicPort);
  try {
    const { page } = workspace;
    const urls: string[] = [];
    page.on("request", (request) => urls.push(request.url()));
    await workspace.signInAsNewUser();
    const keys = new KeysPage(page);
    await keys.open();
    await keys.beginAdding("Anthropic");
    await keys.fill({ Key: wrong, Name: "Mine" });
    await keys.submit("Test and add");
    await expect(keys.dialog.getByRole("alert")).toContainText("Anthropic doesn't accept this key.");
    const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
    expect(violations).toEqual([]);
    await keys.fill({ Key: value });
    await keys.submit("Test and add");
    await expect(keys.row("Mine")).toContainText("Anthropic · 2 models · Not used yet");
    await keys.row("Mine").getByRole("button", { name: "Test" }).click();
    await expect(keys.row("Mine")).toContainText("The provider accepts this key: 2 models.");
    for (const key of [wrong, value]) expect(await page.content()).not.toContain(key);

    await workspace.openNewThread();
    const model = (name: string) => page.getByRole("button", { name: `Model: ${name}`, exact: true });
    await model("Demo model").click();
    await page.getByRole("option", { name: "Claude Haiku 5" }).hover();
    await page.getByRole("button", { name: "Add Claude Haiku 5 to favourites" }).click();
    await expect(page.getByRole("group", { name: "Favourites" }).getByRole("option")).toHaveText([/Claude Haiku 5/]);
    await page.getByRole("option", { name: "Claude Sonnet 5" }).click();
    await expect(model("Claude Sonnet 5")).toBeVisible();
    await model("Claude Sonnet 5").click();
    const effort = page.getByRole("combobox", { name: "Effort" });
    await effort.selectOption("High");
    await expect(effort).toHaveValue("high");
    await page.keyboard.press("Escape");
    await workspace.send("Run it for me.");
    await workspace.waitForOutput("from-claude-42");
    await workspace.waitUntilAnswered();
    await expect(workspace.newest).toContainText("Claude is done.");
    const asked = anthropic.seen.at(-1);
    expect(asked?.key).toBe(value);
    expect(asked?.body).toMatchObject({
      ...{ model: "claude-sonnet-5", thinking: { type: "adaptive" }, output_config: { effort: "high" } },
      max_tokens: 32_000,
    });
    expect(asked?.beta).toContain("interleaved-thinking");

    // Removed while a turn runs: its next request gets the refusal, in words.
    const held = heldCommand("echo holds-$((40 + 2))", "true");
    anthropic.answer((request) =>
      isAnswered(request)
        ? steps(text("Not to be seen."))
        : steps(call("bash", { command: held.command, description: "Hold" })),
    );
    await workspace.send("Hold on.");
    await workspace.waitForOutput("holds-42");
    const settings = new KeysPage(await page.context().newPage());
    await settings.open();
    await settings.remove("Mine");
    const before = anthropic.seen.length;
    await held.release();
    await expect(page.getByText("The key of this model was removed.")).toBeVisible();
    expect(anthropic.seen).toHaveLength(before);
    await expect(page.getByText("Key removed", { exact: true })).toBeVisible();

    // What is sent meanwhile goes nowhere, and says so.
    await workspace.send("And now?");
    await expect(page.getByText(/The key for claude-sonnet-5 was removed, so nothing was sent/)).toBeVisible();
    expect(anthropic.seen).toHaveLength(before);
    await model("claude-sonnet-5").click();
    await page.getByRole("option", { name: "Demo model" }).click();
    await workspace.send("$ echo goes-on-$((40 + 2))");
    await workspace.waitForOutput("goes-on-42");
    await workspace.waitUntilAnswered();
    for (const key of [wrong, value]) expect(`${await page.content()} ${urls.join(" ")}`).not.toContain(key);
  } finally {
    await stop();
  }
});

test("a person's own OpenAI key answers with a model that speaks OpenAI's responses only, thinks and calls tools, and goes on with another key", async ({
  workspace,
}) => {
  const [first, second] = [newKey(), newKey()];
  const openAi = new FakeResponses([first, second], ({ input }) =>
    input.at(-1)?.type === "function_call_output"
      ? steps(text("Sol is", " done."))
      : steps(
          { kind: "reasoning", pieces: ["I should", " run it."] },
          text("I run it."),
          call("bash", { command: "echo from-sol-$((40 + 2))", description: "Run it" }),
        ),
  );
  const { stop } = await serveDouble(openAi, openAiApiPort);
  try {
    const { page } = workspace;
    await workspace.signInAsNewUser();
    const keys = new KeysPage(page);
    await keys.open();
    await keys.beginAdding("OpenAI");
    await keys.fill({ Key: first, Name: "Mine" });
    await keys.submit("Test and add");
    await expect(keys.row("Mine")).toContainText("3 models");

    await workspace.openNewThread();
    await page.getByRole("button", { name: "Model: Demo model" }).click();
    await page.getByRole("option", { name: "gpt-6-sol" }).click();
    await workspace.send("Run it for me.");
    await workspace.waitForOutput("from-sol-42");
    await workspace.waitUntilAnswered();
    await expect(workspace.newest).toContainText("Sol is done.");
    await expect(workspace.newest).toContainText("I should run it.");
    // Within the turn it goes on from what it thought.
    const reasoning = { effort: "medium", summary: "auto" };
    expect(openAi.seen.at(-1)?.body).toMatchObject({ model: "gpt-6-sol", store: false, stream: true, reasoning });
    expect(openAi.seen.at(-1)?.body.input.map(({ type }) => type)).toContain("reasoning");

    // Another key's thoughts are another organization's, and sealed.
    const settings = new KeysPage(await page.context().newPage());
    await settings.open();
    await settings.row("Mine").getByRole("button", { name: "Replace" }).click();
    await settings.fill({ Key: second });
    await settings.submit("Test and replace");
    await expect(settings.dialog).toBeHidden();
    openAi.answer(() => steps(text("With the new one.")));
    await workspace.send("And now?");
    await workspace.waitUntilAnswered();
    await expect(workspace.newest).toContainText("With the new one.");
    expect(openAi.seen.at(-1)?.key).toBe(second);
  } finally {
    await stop();
  }
});

test("an OpenAI-compatible key answers at its own address, an address inside is refused in words, and a replaced key counts from the next request on", async ({
  workspace,
}) => {
  const [first, second] = [newKey(), newKey()];
  const taken = new Set([first, second]);
  const double = await startModelDouble(() => steps(text("Compatible", " answer.")), compatible.port, {
    keys: taken,
    models: ["own-large", "own-small"],
  });
  try {
    const { page } = workspace;
    await workspace.signInAsNewUser();
    const keys = new KeysPage(page);
    await keys.open();
    await keys.beginAdding("OpenAI-compatible");
    await keys.fill({ Key: first, Name: "Own", Address: "https://169.254.169.254/v1" });
    await keys.submit("Test and add");
    await expect(keys.dialog.getByRole("alert")).toContainText("The address must name a public host, without a port.");
    await keys.fill({ Address: compatible.url });
    await keys.submit("Test and add");
    await expect(keys.row("Own")).toContainText(`${compatible.url} · 2 models`);

    await workspace.openNewThread();
    await page.getByRole("button", { name: "Model: Demo model" }).click();
    await page.getByRole("option", { name: "own-small" }).click();
    await workspace.send("Hello?");
    await workspace.waitUntilAnswered();
    await expect(workspace.newest).toContainText("Compatible answer.");
    expect(double.keysSeen()).toEqual([`Bearer ${first}`]);

    const settings = new KeysPage(await page.context().newPage());
    await settings.open();
    await settings.row("Own").getByRole("button", { name: "Replace" }).click();
    await settings.fill({ Key: second });
    await settings.submit("Test and replace");
    await expect(settings.dialog).toBeHidden();
    double.answer(() => steps(text("With the new one.")));
    await workspace.send("And now?");
    await workspace.waitUntilAnswered();
    await expect(workspace.newest).toContainText("With the new one.");
    expect(double.keysSeen()).toEqual([`Bearer ${second}`]);
  } finally {
    await double.stop();
  }
});
