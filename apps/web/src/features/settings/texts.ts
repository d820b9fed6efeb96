/** The words of the settings page. */
export const settingsTexts = {
  title: "Settings",
  appearance: "Appearance",
  theme: "Theme",
  themeHint: "System follows your device.",
  themes: { system: "System", light: "Light", dark: "Dark" },
  account: "Account",
  signOut: "Sign out",
  keyboard: "Keyboard shortcuts",
} as const;
