/** What the way to the panel says; the panel's own words come with it. */
export const computerTexts = {
  show: "Show computer",
  hide: "Hide computer",
} as const;
