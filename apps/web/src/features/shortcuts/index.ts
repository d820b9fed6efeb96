export { commandLabels } from "./labels.ts";
export {
  composerShortcuts,
  type ShortcutId,
  shortcutIds,
  shortcuts,
} from "./registry.ts";
export { hasSingleKeys, setSingleKeys } from "./single-keys.ts";
export { isHandled, runCommand, shortcutAria, shortcutKeys, useShortcut } from "./use-shortcut.ts";
