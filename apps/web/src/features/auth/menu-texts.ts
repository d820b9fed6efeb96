/** The words of the account menu, which every page shows. */
export const menuTexts = {
  settings: "Settings",
  archived: "Archived threads",
  signOut: "Sign out",
  account: "Account: ",
} as const;
