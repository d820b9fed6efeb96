/** The words that only a connected thread needs. */
export const liveTexts = {
  fromOpenCode: "from OpenCode",
  answering: "Answering…",
  answerFailed: "The answer failed.",
  stopped: "Stopped.",
  complete: (words: number, failed: number) =>
    `Answer complete, ${words} ${words === 1 ? "word" : "words"}.${failed === 0 ? "" : ` ${failed} failed ${failed === 1 ? "step" : "steps"}.`}`,
  copied: "Answer copied",
  reload: "Reload",
  noAnswer: "Can’t reach the thread. Your message is saved here.",
  edit: "Edit message",
  editNote: (attached: number) =>
    attached === 0
      ? "Adds a version. Files keep the changes made so far."
      : `Adds a version with the same ${attached === 1 ? "attached file" : `${attached} attached files`}. Files keep the changes made so far.`,
  upNext: (count: number) => `Up next (${count})`,
  waiting: (count: number) => `${count} ${count === 1 ? "message waits" : "messages wait"}`,
  resume: "Resume",
  clear: "Clear",
  editQueued: "Edit",
  removeQueued: "Remove from queue",
  moveUp: "Move up",
  cancel: "Cancel",
  resend: "Resend",
} as const;
