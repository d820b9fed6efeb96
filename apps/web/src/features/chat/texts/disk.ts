/** What is said when the computer’s disk is full. */
export const diskTexts = {
  full: "This computer’s disk is full. What’s saved stays, and nothing more can be written until there’s room.",
  largest: "Largest files",
} as const;
