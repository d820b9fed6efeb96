import type { Mark } from "./git-marks.ts";
import { filesTexts } from "./texts.ts";

const letters = { modified: "M", staged: "S", untracked: "U", conflict: "!", inside: "•" } as const;

/** What git says of a file, as a letter and in words. */
export function MarkSign({ mark }: { readonly mark: Mark | "inside" }) {
  return (
    <span className="files-mark" data-mark={mark} title={filesTexts.marks[mark]}>
      <span aria-hidden="true">{letters[mark]}</span>
      <span className="sr-only">{filesTexts.marks[mark]}</span>
    </span>
  );
}
