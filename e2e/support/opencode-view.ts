import type { FrameLocator, Page, Response } from "@playwright/test";
import { expect, type Workspace } from "./fixtures.ts";

/** Opens the panel and waits until OpenCode's page shows a box to write in. */
export const openOpenCode = async ({ page }: Workspace): Promise<FrameLocator> => {
  await page.getByRole("button", { name: "Show computer" }).click();
  return openCodeFrame(page);
};

/** OpenCode's page in its frame, once there is a box to write in. */
export const openCodeFrame = async (page: Page): Promise<FrameLocator> => {
  const frame = page.frameLocator("iframe[title^=OpenCode]");
  await expect(frame.getByRole("textbox").first()).toBeVisible();
  return frame;
};

/** The answer in which the worker gave a way into a view; ask for it before whatever makes the page ask. */
export const openedView = (page: Page): Promise<Response> =>
  page.waitForResponse((response) => response.url().endsWith("/views") && response.request().method() === "POST");
