import type { ProgramChange } from "@threadbox/contracts/program-approval";
import { Fold } from "../../lib/fold.tsx";
import { sizeText } from "../../lib/size.ts";
import { ChangeCount, DiffView, visibleText } from "../text/index.ts";
import { approvalTexts as texts } from "./texts.ts";

const sizeOf = (bytes: number | null): string | null => (bytes === null ? null : sizeText(bytes));

/** What takes no place to say is said at once. */
function Difference({ change: { path, diff, additions, deletions, bytesBefore, bytesAfter } }: ChangedFileProps) {
  if (diff === null || additions === null || deletions === null)
    return <p className="px-3 pb-2 text-ink-muted text-xs">{texts.notText(sizeOf(bytesBefore), sizeOf(bytesAfter))}</p>;
  if (diff.trim() === "") return <p className="px-3 pb-2 text-ink-muted text-xs">{texts.empty}</p>;
  return (
    <div className="border-t bg-sunken">
      <DiffView file={{ path, diff, additions, deletions }} isNamed={false} />
    </div>
  );
}

export interface ChangedFileProps {
  readonly change: ProgramChange;
}

/** One file that a program would change, and how. */
export function ChangedFile({ change, isOpen }: ChangedFileProps & { readonly isOpen: boolean }) {
  const { path, additions, deletions } = change;
  return (
    <Fold
      className="min-h-8 px-3 text-xs"
      isOpen={isOpen}
      head={
        <>
          <code className="min-w-0 truncate" dir="ltr">
            {visibleText(path)}
          </code>
          <span className="flex-1 text-ink-muted">{texts.kinds[change.change]}</span>
          {additions === null || deletions === null ? null : (
            <ChangeCount additions={additions} deletions={deletions} />
          )}
        </>
      }
    >
      <Difference change={change} />
    </Fold>
  );
}
