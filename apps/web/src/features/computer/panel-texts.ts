/** What the panel beside a conversation says. */
export const panelTexts = {
  panel: "Computer",
  tabs: "What to work with",
  loading: "Loading…",
  openCode: "OpenCode",
  reload: "Reload OpenCode",
  openInWindow: "Open OpenCode in a new window",
  backToChat: "Back to chat",
  resize: "Resize panel",
  frame: "OpenCode in this thread’s sandbox",
  opening: "Opening OpenCode…",
  offline: "You’re offline. OpenCode opens when you’re back.",
  ended: "This view of OpenCode has ended.",
  endedDetail: "The sandbox restarted or went to sleep, or the view was open for an hour.",
  openAgain: "Open again",
  failed: "Can’t open OpenCode.",
  retry: "Retry",
} as const;
