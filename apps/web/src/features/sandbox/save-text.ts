import type { SaveState } from "@threadbox/contracts/sandbox";
import { agoText } from "../../lib/ago-text.ts";
import { visibleText } from "../text/index.ts";
import { saveTexts } from "./save-texts.ts";

/** How the page speaks of a sandbox's saves. */
export interface SaveText {
  readonly tone: "plain" | "active" | "warn" | "bad";
  readonly text: string;
  /** What is wrong, and what becomes of it, in sentences. */
  readonly more: readonly string[];
}

/** `now` in milliseconds since 1970. */
export const saveText = ({ savedAt, savingSince, warning, problem }: SaveState, now: number): SaveText => {
  const ago = savedAt === undefined ? undefined : agoText(now - savedAt);
  if (savingSince !== undefined && problem === undefined) return { tone: "active", text: saveTexts.saving, more: [] };
  if (problem !== undefined)
    return {
      tone: "bad",
      text: ago === undefined ? saveTexts.notYet : ago,
      more: [`${saveTexts.notSaved}: ${visibleText(problem)}`, saveTexts.tryingAgain],
    };
  if (ago === undefined) return { tone: "plain", text: saveTexts.notYet, more: [] };
  return warning === undefined
    ? { tone: "plain", text: ago, more: [] }
    : { tone: "warn", text: ago, more: [visibleText(warning)] };
};
