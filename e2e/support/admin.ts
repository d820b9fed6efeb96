import type { Locator, Page } from "@playwright/test";
import type { Installation } from "./addresses.ts";
import { expect } from "./fixtures.ts";

/** A secret of one thread, or of one user, by its name. */
type NamedSecret = { readonly name: string } & ({ readonly threadId: string } | { readonly userId: string });

/** What an admin fills in. */
export type FilledSecret = NamedSecret & {
  readonly value: string;
  readonly usage: "The model gateway" | "Programs in sandboxes" | "Requests from sandboxes";
  readonly hosts?: string;
};

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

  row(secret: NamedSecret): Locator {
    const [word, id] = "userId" in secret ? ["User", secret.userId] : ["Thread", secret.threadId];
    const scope = `${word} ${id.slice(0, 4)}…${id.slice(-4)}`;
    return this.page.getByRole("row").filter({ hasText: secret.name }).filter({ hasText: scope });
  }

  async openAsAdmin({ appOrigin }: Installation): Promise<void> {
    await this.page.goto(`${appOrigin}/admin`);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.page.getByRole("button", { name: /Ada Admin/ }).click();
    await expect(this.page.getByRole("heading", { name: "Secrets", level: 1 })).toBeVisible();
  }

  async add(secret: FilledSecret): Promise<void> {
    const { name, value, usage, hosts = "" } = secret;
    await this.page.getByRole("button", { name: "Add secret" }).click();
    const { dialog } = this;
    await dialog.getByRole("textbox", { name: "Name" }).fill(name);
    await dialog.getByLabel("Value", { exact: true }).fill(value);
    await dialog.getByRole("combobox", { name: "Used by" }).selectOption(usage);
    await dialog.getByRole("textbox", { name: "Hosts" }).fill(hosts);
    const scope = dialog.getByRole("combobox", { name: "For" });
    if ("userId" in secret) {
      await scope.selectOption("One user’s threads");
      await dialog.getByRole("textbox", { name: "User ID" }).fill(secret.userId);
    } else {
      await scope.selectOption("One thread");
      await dialog.getByRole("textbox", { name: "Thread ID" }).fill(secret.threadId);
    }
    await this.finish("Save");
    await expect(this.row(secret)).toContainText("v1 · Active");
  }

  /** Fills in the next version and lets the vault go on. */
  async giveValue(secret: NamedSecret, value: string): Promise<void> {
    await this.row(secret).getByRole("button", { name: "Rotate" }).click();
    await this.dialog.getByLabel("Value", { exact: true }).fill(value);
    await this.dialog.getByRole("textbox", { name: "Reason" }).fill("For the journey.");
    await this.dialog.getByRole("button", { name: "Rotate", exact: true }).click();
  }

  /** Gives it its next version, and sees that nobody needs the one before any more. */
  async rotate(secret: NamedSecret, value: string, version: number): Promise<void> {
    await this.giveValue(secret, value);
    await expect(this.dialog).toContainText("No older version can be used any more.");
    await this.dialog.getByRole("button", { name: "Done" }).click();
    await expect(this.dialog).toBeHidden();
    await expect(this.row(secret)).toContainText(`v${version} · Active`);
  }

  /** Opens what is known of it. */
  async open(secret: NamedSecret): Promise<void> {
    await this.row(secret).getByRole("button", { name: secret.name, exact: true }).click();
  }

  /** Has new values tried at that address first. */
  async addCheck(secret: NamedSecret, url: string): Promise<void> {
    await this.open(secret);
    await this.page.getByRole("button", { name: "Add a check" }).click();
    await this.dialog.getByRole("textbox", { name: "Address" }).fill(url);
    await this.dialog.getByRole("button", { name: "Save", exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }

  async revoke(secret: NamedSecret): Promise<void> {
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
