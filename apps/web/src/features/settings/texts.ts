/** The words of the settings page. */
export const settingsTexts = {
  title: "Settings",
  appearance: "Appearance",
  theme: "Theme",
  themeHint: "System follows your device.",
  themes: { system: "System", light: "Light", dark: "Dark" },
  notifications: "Notifications",
  turnEnd: "When a turn ends",
  turnEndHint: "Only while Threadbox is in the background.",
  notificationChoices: { on: "On", off: "Off", blocked: "Blocked by the browser" },
  account: "Account",
  signOut: "Sign out",
  keyboard: "Keyboard",
  shortcuts: "Shortcuts",
  shortcutsHint: "Every key, and whether single keys count.",
  showShortcuts: "Show shortcuts",
} as const;
