/** The words beside a message of which there are several versions. */
export const branchTexts = {
  version: (at: number, count: number) => `Version ${at} of ${count}`,
  previous: "Previous version",
  next: "Next version",
  note: "Files keep the changes of the other version.",
} as const;
