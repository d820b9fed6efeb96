/** What is said to people who look elsewhere. */
export const attentionTexts = {
  finished: "Finished",
  failed: "Failed",
  waiting: "Waiting for you",
} as const;
