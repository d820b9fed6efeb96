/** What the way to the panel says; the panel's own words come with it. */
export const computerTexts = {
  show: "Show OpenCode",
  hide: "Hide OpenCode",
} as const;
