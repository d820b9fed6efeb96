/** The words beside text and code. */
export const textTexts = {
  copied: "Copied",
  copyCode: "Copy code",
  plain: "text",
  added: "added: ",
  removed: "removed: ",
  linesAdded: "lines added",
  linesRemoved: "lines removed",
  showAll: (size: string) => `Show all (${size})`,
  showLess: "Show less",
  table: "Table",
  image: "Image",
  done: "Done",
  toDo: "To do",
} as const;
