/** The words of the archive's page. */
export const archiveTexts = {
  title: "Archived threads",
  label: "Archived",
  lead: "Archived threads keep their files and messages.",
  empty: "No archived threads. To archive one, choose “Archive” in its menu.",
} as const;
