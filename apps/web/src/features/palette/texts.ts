/** The words of the palette and of the sheet of shortcuts. */
export const paletteTexts = {
  title: "Search and commands",
  field: "Search threads and commands",
  placeholder: "Search threads and commands…",
  sections: {
    thread: "This thread",
    message: "Message box",
    app: "Threadbox",
    threads: "Threads",
    messages: "Messages",
  },
  nothing: (text: string) => `Nothing matches “${text}”.`,
  archived: "Archived",
} as const;

export const sheetTexts = {
  title: "Keyboard shortcuts",
  singleKeys: "Single-key shortcuts",
  singleKeysHint: "Turn off if a key press starts something by accident, such as with speech input.",
} as const;
