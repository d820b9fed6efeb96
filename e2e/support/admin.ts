import type { Locator, Page } from "@playwright/test";
import type { Installation } from "./addresses.ts";
import { expect } from "./fixtures.ts";

/** A secret of one thread, as an admin fills it in. */
export interface FilledSecret {
  readonly name: string;
  readonly value: string;
  readonly threadId: string;
  readonly usage: "The model gateway" | "Programs in sandboxes" | "Requests from sandboxes";
  readonly hosts?: string;
}

/** The secrets page, by the names that an admin reads there. */
export class SecretsPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  get audit(): Locator {
    return this.page.getByRole("region", { name: "Audit" });
  }

  /** The thread's secret of that name. */
  row({ name, threadId }: Pick<FilledSecret, "name" | "threadId">): Locator {
    const thread = `Thread ${threadId.slice(0, 4)}…${threadId.slice(-4)}`;
    return this.page.getByRole("row").filter({ hasText: name }).filter({ hasText: thread });
  }

  async openAsAdmin({ appOrigin }: Installation): Promise<void> {
    await this.page.goto(`${appOrigin}/admin`);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.page.getByRole("button", { name: /Ada Admin/ }).click();
    await expect(this.page.getByRole("heading", { name: "Secrets", level: 1 })).toBeVisible();
  }

  async add({ name, value, threadId, usage, hosts = "" }: FilledSecret): Promise<void> {
    await this.page.getByRole("button", { name: "Add secret" }).click();
    const { dialog } = this;
    await dialog.getByRole("textbox", { name: "Name" }).fill(name);
    await dialog.getByLabel("Value", { exact: true }).fill(value);
    await dialog.getByRole("combobox", { name: "Used by" }).selectOption(usage);
    await dialog.getByRole("textbox", { name: "Hosts" }).fill(hosts);
    await dialog.getByRole("combobox", { name: "For" }).selectOption("One thread");
    await dialog.getByRole("textbox", { name: "Thread ID" }).fill(threadId);
    await this.finish("Save");
    await expect(this.row({ name, threadId })).toContainText("v1 · Active");
  }

  /** Fills in the next version and lets the vault go on. */
  async giveValue(secret: Pick<FilledSecret, "name" | "threadId">, value: string): Promise<void> {
    await this.row(secret).getByRole("button", { name: "Rotate" }).click();
    await this.dialog.getByLabel("Value", { exact: true }).fill(value);
    await this.dialog.getByRole("textbox", { name: "Reason" }).fill("For the journey.");
    await this.dialog.getByRole("button", { name: "Rotate", exact: true }).click();
  }

  /** Gives it its next version, and sees that nobody needs the one before any more. */
  async rotate(secret: Pick<FilledSecret, "name" | "threadId">, value: string, version: number): Promise<void> {
    await this.giveValue(secret, value);
    await expect(this.dialog).toContainText("No older version can be used any more.");
    await this.dialog.getByRole("button", { name: "Done" }).click();
    await expect(this.dialog).toBeHidden();
    await expect(this.row(secret)).toContainText(`v${version} · Active`);
  }

  /** Opens what is known of it. */
  async open({ name, threadId }: Pick<FilledSecret, "name" | "threadId">): Promise<void> {
    await this.row({ name, threadId }).getByRole("button", { name, exact: true }).click();
  }

  /** Has new values tried at that address first. */
  async addCheck(secret: Pick<FilledSecret, "name" | "threadId">, url: string): Promise<void> {
    await this.open(secret);
    await this.page.getByRole("button", { name: "Add a check" }).click();
    await this.dialog.getByRole("textbox", { name: "Address" }).fill(url);
    await this.dialog.getByRole("button", { name: "Save", exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }

  async revoke(secret: Pick<FilledSecret, "name" | "threadId">): Promise<void> {
    await this.row(secret).getByRole("button", { name: "Revoke" }).click();
    await this.finish("Revoke now");
    await expect(this.row(secret)).toContainText("Nobody can use it");
  }

  /** Restarts the thread's sandbox, which runs. */
  async restart(threadId: string): Promise<void> {
    const thread = `${threadId.slice(0, 4)}…${threadId.slice(-4)}`;
    const row = this.page
      .getByRole("table", { name: "Running sandboxes" })
      .getByRole("row")
      .filter({ hasText: thread });
    await row.getByRole("button", { name: "Restart" }).click();
    await this.dialog.getByRole("button", { name: "Restart", exact: true }).click();
    await expect(row).toContainText(/Restarted in \d/);
    await expect(this.dialog).toBeHidden();
  }

  private async finish(verb: string): Promise<void> {
    await this.dialog.getByRole("textbox", { name: "Reason" }).fill("For the journey.");
    await this.dialog.getByRole("button", { name: verb, exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }
}
