/** What the card of a program's question says. */
export const questionTexts = {
  title: "A program asks you",
  until: (left: string) => `${left} left`,
  choices: "Your answer",
  yourAnswer: "Your answer",
  send: "Answer",
  decline: "Don’t answer",
  loading: "Loading the question…",
  failed: "The question can’t be shown right now.",
  offline: "You’re offline. Answer when you’re back.",
  tooLate: {
    answered: "Somebody answered before you.",
    declined: "Somebody turned it down before you.",
    expired: "Too late: the program goes on without an answer.",
    withdrawn: "The program was stopped before that.",
  },
} as const;
