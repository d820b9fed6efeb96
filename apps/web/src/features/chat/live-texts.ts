/** The words that only a connected thread needs. */
export const liveTexts = {
  answering: "Answering…",
  answerFailed: "The answer failed.",
  stopped: "Stopped.",
  complete: (words: number) => `Answer complete, ${words} ${words === 1 ? "word" : "words"}.`,
  reload: "Reload",
  noAnswer: "Can’t reach the thread. Your message is saved here.",
  edit: "Edit message",
  editNote: "Replaces everything after this message.",
  cancel: "Cancel",
  resend: "Resend",
} as const;
