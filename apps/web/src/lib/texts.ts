/** The words of a page that cannot be shown. */
export const pageTexts = {
  crashed: "Something went wrong.",
  crashedHint: "Your messages are safe, and your drafts are saved on this device.",
  missing: "Couldn’t load this page.",
  missingHint: "It loads as soon as you’re back online. Your drafts are saved on this device.",
  reload: "Reload",
  notFound: "Page not found",
  notFoundHint: "Check the address, or go back to your threads.",
  home: "Go to your threads",
} as const;
