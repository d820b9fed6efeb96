export { shortcutIds, shortcuts } from "./registry.ts";
export { shortcutAria, shortcutKeys, useShortcut } from "./use-shortcut.ts";
