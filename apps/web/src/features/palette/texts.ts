/** The words of the palette and of the sheet of shortcuts. */
export const paletteTexts = {
  title: "Search and commands",
  field: "Search messages, threads and commands",
  placeholder: "Search messages, threads and commands…",
  sections: {
    thread: "This thread",
    message: "Message box",
    app: "Threadbox",
    threads: "Threads",
    messages: "Messages",
  },
  connectChatGpt: "Connect ChatGPT…",
  nothing: (text: string) => `Nothing matches “${text}”.`,
  archived: "Archived",
  authors: { user: "You", assistant: "Assistant" },
  searching: "Searching messages…",
  failed: "Couldn’t search messages. Keep typing to try again.",
  offline: "You’re offline. Only commands and threads on this page are searched.",
  more: "There may be more. Try a longer search.",
} as const;

export const sheetTexts = {
  title: "Keyboard shortcuts",
  singleKeys: "Single-key shortcuts",
  singleKeysHint: "Turn off if a key press starts something by accident, such as with speech input.",
} as const;
