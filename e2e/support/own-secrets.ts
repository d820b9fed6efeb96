import type { Locator, Page } from "@playwright/test";
import { type Installation, main } from "./addresses.ts";
import { expect } from "./fixtures.ts";

/** Settings → Secrets for your programs, by the names that a person reads there. */
export class OwnSecretsPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get section(): Locator {
    return this.page.getByRole("region", { name: "Secrets for your programs" });
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  row(name: string): Locator {
    return this.section.getByRole("listitem").filter({ hasText: name });
  }

  async open({ appOrigin }: Installation = main): Promise<void> {
    await this.page.goto(`${appOrigin}/settings#secrets`);
    await expect(this.section.getByRole("button", { name: "Add a secret" })).toBeEnabled();
  }

  async begin(name: string, value: string): Promise<void> {
    await this.section.getByRole("button", { name: "Add a secret" }).click();
    await this.dialog.getByLabel("Name", { exact: true }).fill(name);
    await this.dialog.getByLabel("Value", { exact: true }).fill(value);
  }

  async submit(verb: string): Promise<void> {
    await this.dialog.getByRole("button", { name: verb, exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }
}
