/** The words of the thread list, its menus and the archive. */
export const threadTexts = {
  untitled: "New thread",
  threads: "Threads",
  searchLabel: "Search threads",
  search: "Search",
  clearSearch: "Clear search",
  noMatch: (text: string) => `No threads match “${text}”.`,
  moreMatches: "There may be more. Try a longer search.",
  empty: "No threads yet. Send a message to start one.",
  actionsFor: (title: string) => `Actions for ${title}`,
  marks: { running: "Running", failed: "Failed", unread: "Unread" },
  rename: "Rename",
  title: "Thread title",
  pin: "Pin",
  unpin: "Unpin",
  archive: "Archive",
  unarchive: "Unarchive",
  delete: "Delete",
  undo: "Undo",
  archived: (title: string) => `Archived “${title}”`,
  deleted: (title: string) => `Deleted “${title}”`,
  failures: {
    rename: "Couldn’t rename.",
    pin: "Couldn’t pin.",
    unpin: "Couldn’t unpin.",
    archive: "Couldn’t archive.",
    unarchive: "Couldn’t unarchive.",
    delete: "Couldn’t delete.",
    restore: "Couldn’t restore.",
  },
  groups: {
    pinned: "Pinned",
    today: "Today",
    yesterday: "Yesterday",
    week: "Last 7 days",
    month: "Last 30 days",
  },
} as const;

/** The words of the archive's page. */
export const archiveTexts = {
  title: "Archived threads",
  lead: "Archived threads keep their files and messages.",
  empty: "No archived threads. To archive one, choose “Archive” in its menu.",
} as const;
