import type { FileChange } from "@threadbox/contracts/turn";
import { classNames } from "@threadbox/ui/class-names";
import { ScrollPre } from "../../lib/scroll-pre.tsx";
import { ChangeCount } from "./change-count.tsx";
import { diffLines } from "./diff-lines.ts";
import { textTexts } from "./texts.ts";
import { visibleText } from "./visible-text.ts";

const lineClass = {
  added: "bg-good-soft text-ink",
  removed: "bg-bad-soft text-ink",
  context: "text-ink-muted",
  gap: "bg-panel text-ink-muted",
};

const sign = { added: "+", removed: "−", context: " ", gap: "⋯" };

export interface DiffViewProps {
  readonly file: FileChange;
  /** Its name and the size of the change stand nowhere near. */
  readonly isNamed: boolean;
}

/** What a tool call changed in one file. */
export function DiffView({ file, isNamed }: DiffViewProps) {
  const lines = file.diff === undefined ? [] : diffLines(file.diff);
  return (
    <div dir="ltr">
      {isNamed ? (
        <div className="flex items-center gap-2 border-b px-3 py-2 text-xs">
          <code className="min-w-0 flex-1 truncate">{visibleText(file.path)}</code>
          <ChangeCount additions={file.additions} deletions={file.deletions} />
        </div>
      ) : null}
      {lines.length === 0 ? null : (
        <ScrollPre className="max-h-96 py-1 text-xs leading-5">
          <code className="block w-max min-w-full">
            {lines.map(({ kind, text, key }) => (
              <span key={key} className={classNames("block px-3", lineClass[kind])}>
                <span aria-hidden="true" className="inline-block w-4 select-none text-ink-faint">
                  {sign[kind]}
                </span>
                <span className="sr-only">
                  {kind === "added" ? textTexts.added : kind === "removed" ? textTexts.removed : ""}
                </span>
                {visibleText(text)}
                {"\n"}
              </span>
            ))}
          </code>
        </ScrollPre>
      )}
    </div>
  );
}
