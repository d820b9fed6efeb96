import type { Locator, Page } from "@playwright/test";

/** A file as somebody has it on their own computer. `text` or `bytes` is what it holds; `picture`: a PNG of that many pixels a side. */
export interface GivenFile {
  readonly name: string;
  readonly type: string;
  readonly text?: string;
  readonly bytes?: readonly number[];
  readonly picture?: number;
}

/** Pastes files into a field, or drops them on it, as the browser would say it of a person. */
export const give = (target: Locator, how: "paste" | "drop", files: readonly GivenFile[]): Promise<void> =>
  target.evaluate(
    async (element, given) => {
      const transfer = new DataTransfer();
      for (const { name, type, text = "", bytes, picture } of given.files) {
        let content: BlobPart = bytes === undefined ? text : new Uint8Array(bytes);
        if (picture !== undefined) {
          const canvas = new OffscreenCanvas(picture, picture);
          const context = canvas.getContext("2d");
          if (context !== null) {
            context.fillStyle = "#36c";
            context.fillRect(0, 0, picture, picture);
            context.fillStyle = "#fc3";
            context.fillRect(picture / 4, picture / 4, picture / 2, picture / 2);
          }
          content = await canvas.convertToBlob({ type });
        }
        transfer.items.add(new File([content], name, { type }));
      }
      const about = { bubbles: true, cancelable: true };
      if (given.how === "paste")
        element.dispatchEvent(new ClipboardEvent("paste", { ...about, clipboardData: transfer }));
      else {
        element.dispatchEvent(new DragEvent("dragover", { ...about, dataTransfer: transfer }));
        element.dispatchEvent(new DragEvent("drop", { ...about, dataTransfer: transfer }));
      }
    },
    { how, files },
  );

/** Picks files with the message box's button. */
export const pickFiles = async (page: Page, files: readonly { readonly name: string; readonly text: string }[]) => {
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Attach files" }).click();
  const payloads = files.map(({ name, text }) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) }));
  await (await choosing).setFiles(payloads);
};
