/** The words of the frame around every page. */
export const shellTexts = {
  brand: "Threadbox",
  threads: "Threads",
  newThread: "New thread",
  skip: "Skip to message",
  showSidebar: "Show sidebar",
  hideSidebar: "Hide sidebar",
  loading: "Loading",
  connecting: "Connecting…",
  offline: "You’re offline. New messages will wait here.",
} as const;
