/** The words about what this device keeps. */
export const outboxTexts = {
  unreadable: "Couldn’t read a draft or message saved on this device. It was left out.",
} as const;
