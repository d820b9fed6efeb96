import type { Locator, Page } from "@playwright/test";
import { expect, type Workspace } from "./fixtures.ts";

/** The panel's terminals. */
export class TerminalPane {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the panel at its terminals; one is opened by itself. */
  static async open({ page }: Workspace): Promise<TerminalPane> {
    await page.getByRole("button", { name: "Show computer" }).click();
    await page.getByRole("tab", { name: "Terminal" }).click();
    const pane = new TerminalPane(page);
    await pane.waitUntilOpen();
    return pane;
  }

  /** What the terminal in front shows. */
  get screen(): Locator {
    return this.page.locator(".terminal-view:not([hidden]) .xterm-rows");
  }

  get sessions(): Locator {
    return this.page.getByRole("navigation", { name: "Terminals" });
  }

  async waitUntilOpen(): Promise<void> {
    await expect(this.screen).toContainText("$");
  }

  /** Types as a person does, into the terminal that has the focus. */
  async type(text: string): Promise<void> {
    await this.page.locator(".terminal-view:not([hidden]) .xterm-screen").click();
    await this.page.keyboard.type(text);
  }

  async run(command: string): Promise<void> {
    await this.type(command);
    await this.page.keyboard.press("Enter");
  }
}
