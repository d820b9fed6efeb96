/** The words of a sandbox’s saves. */
export const saveTexts = {
  saved: "Saved",
  saving: "Saving…",
  notYet: "Not yet",
  notSaved: "Not saved",
  tryingAgain: "It’s tried again by itself. Until then the newest work is on the computer only.",
  startEmpty: "Start with an empty computer",
  startEmptyNote: "The saved files are put aside, not deleted. Your messages stay.",
} as const;
