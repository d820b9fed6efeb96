/** The head of the window about the demo model. */
export const demoModelName = {
  title: "Demo model",
  description: "Needs no account and always gives the same answers.",
} as const;
