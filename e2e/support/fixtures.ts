import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { type Installation, main, withModel } from "./addresses.ts";
import { logsSince, markLogs } from "./evidence.ts";
import { type Model, startModel } from "./model.ts";
import { startAgain, startInstallation } from "./start.ts";

/** What a person can see and do on the page, by the names they would use. */
export class Workspace {
  readonly page: Page;
  /** The name of the user who signed in here. */
  userName = "";

  constructor(page: Page) {
    this.page = page;
  }

  get conversation(): Locator {
    return this.page.getByRole("log", { name: "Conversation" });
  }

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  get threads(): Locator {
    return this.page.getByRole("navigation", { name: "Threads" });
  }

  get stopButton(): Locator {
    return this.page.getByRole("button", { name: "Stop", exact: true });
  }

  /** Signs in as a user made for this test, so that tests share no data. */
  async signInAsNewUser({ appOrigin }: Installation = main): Promise<void> {
    await this.page.goto(appOrigin);
    await this.signInHere();
  }

  /** The same from the sign-in page that is open. */
  async signInHere(): Promise<void> {
    this.userName = `Test ${randomUUID().slice(0, 8)}`;
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.page.getByRole("textbox", { name: "Name" }).fill(this.userName);
    await this.page.getByRole("button", { name: "Create account" }).click();
    await expect(this.threads).toBeVisible();
  }

  async openNewThread(): Promise<void> {
    await this.page.getByRole("button", { name: "New thread" }).first().click();
    // A thread that was open before has a composer of its own.
    await expect(this.page.getByRole("heading", { name: "What should we work on?" })).toBeVisible();
    await expect(this.composer).toBeVisible();
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(this.conversation.getByRole("article", { name: "You" }).last()).toContainText(text.trim());
  }

  /** Sends the first message of a fresh user's fresh thread. */
  async begin(text: string, installation: Installation = main): Promise<void> {
    await this.signInAsNewUser(installation);
    await this.openNewThread();
    await this.send(text);
  }

  /** The message or answer that stands last. */
  get newest(): Locator {
    return this.conversation.getByRole("article").last();
  }

  /** Waits for a turn that runs. Only for one that the test itself lets end: any other may be over before the look. */
  async waitUntilRunning(): Promise<void> {
    await expect(this.stopButton).toBeVisible();
  }

  /**
   * Waits until what was sent last is answered, however quickly or slowly. Nothing runs also before a turn begins, so
   * the newest thing said must be an answer, and one that is not being written.
   */
  async waitUntilAnswered(): Promise<void> {
    await expect(async () => {
      await expect(this.newest).toHaveAccessibleName("Assistant", { timeout: 1_000 });
      await expect(this.newest).toHaveAttribute("aria-busy", "false", { timeout: 1_000 });
      await expect(this.stopButton).toBeHidden({ timeout: 1_000 });
      await expect(this.newest).toHaveAccessibleName("Assistant", { timeout: 1_000 });
    }).toPass();
  }

  /** Waits until a command has printed a line; opens the newest tool card whenever it is closed. */
  async waitForOutput(text: string): Promise<void> {
    const line = this.conversation.getByText(text, { exact: false }).first();
    await expect(async () => {
      if ((await this.toolCard.getAttribute("aria-expanded", { timeout: 1_000 })) === "false") {
        await this.toolCard.click({ timeout: 1_000 });
      }
      await expect(line).toBeVisible({ timeout: 1_000 });
    }).toPass();
  }

  /** The newest tool card's own button, which opens and closes it. */
  get toolCard(): Locator {
    return this.conversation.getByRole("button", { name: /bash|shell|command|run/i }).last();
  }

  /** Everything the conversation says, without times and durations, which are not part of what was said. */
  async transcript(): Promise<string> {
    const text = await this.conversation.innerText();
    return text.replace(/\d+(\.\d+)? ?(ms|s|min)\b/g, "").replace(/\s+/g, " ");
  }
}

/** The second installation, and the model that answers in it. */
export interface Modelled {
  readonly model: Model;
  /** Ends every process of it and starts it again on what it has kept. */
  readonly restart: () => Promise<void>;
}

interface TestFixtures {
  /** On failure: what the processes of both installations logged during the test. */
  readonly evidence: undefined;
  readonly workspace: Workspace;
  readonly otherWorkspace: Workspace;
}

export const test = base.extend<TestFixtures, { readonly modelled: Modelled }>({
  evidence: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures this one needs
    async ({}, use, testInfo) => {
      const marks = markLogs([main, withModel]);
      await use(undefined);
      if (testInfo.status === testInfo.expectedStatus) return;
      for (const [path, text] of logsSince(marks, [main, withModel])) {
        const name = path.replace(/^.*threadbox-e2e-/, "").replaceAll("/", "-");
        const copy = testInfo.outputPath(name);
        writeFileSync(copy, text);
        // Pushed, not attached by `attach`, which would make a second copy.
        testInfo.attachments.push({ name, path: copy, contentType: "text/plain" });
      }
    },
    { auto: true },
  ],
  workspace: async ({ page }, use) => {
    await use(new Workspace(page));
  },
  otherWorkspace: async ({ browser }, use) => {
    const context = await browser.newContext();
    await use(new Workspace(await context.newPage()));
    await context.close();
  },
  modelled: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures this one needs
    async ({}, use) => {
      const model = await startModel();
      let stop = await startInstallation(withModel);
      await use({
        model,
        restart: async () => {
          await stop();
          stop = await startAgain(withModel);
        },
      });
      await stop();
      await model.stop();
    },
    { scope: "worker", timeout: 600_000 },
  ],
});

export { expect };
