import { type ShortcutId, shortcutIds, shortcuts } from "../shortcuts/index.ts";
import { paletteTexts } from "./texts.ts";

interface SheetSection {
  readonly label: string;
  readonly ids: readonly ShortcutId[];
}

/** The commands that have keys, by section. */
export const sheetRows = (): readonly SheetSection[] =>
  (["app", "thread", "message"] as const).map((section) => ({
    label: paletteTexts.sections[section],
    ids: shortcutIds.filter((id) => shortcuts[id].section === section && shortcuts[id].combo !== undefined),
  }));
