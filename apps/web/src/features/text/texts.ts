/** The words beside text and code. */
export const textTexts = {
  copied: "Copied",
  copyCode: "Copy code",
  plain: "text",
  added: "added: ",
  removed: "removed: ",
} as const;
