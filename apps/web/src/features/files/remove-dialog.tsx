import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { visibleText } from "../text/index.ts";
import { filesTexts } from "./texts.ts";
import type { TreeRow } from "./tree-rows.ts";

export interface RemoveDialogProps {
  /** What is asked about; null: nothing. */
  readonly row: TreeRow | null;
  readonly isUnsaved: boolean;
  readonly onConfirm: (row: TreeRow) => void;
  readonly onClose: () => void;
}

/** Asks before something goes that can't be had back. */
export function RemoveDialog({ row, isUnsaved, onConfirm, onClose }: RemoveDialogProps) {
  const sentence =
    row?.kind === "directory"
      ? filesTexts.removeFolder
      : isUnsaved
        ? filesTexts.removeUnsaved
        : filesTexts.removeForGood;
  return (
    <Dialog
      isOpen={row !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={filesTexts.removeTitle(visibleText(row?.name ?? ""))}
      description={sentence}
    >
      <div className="files-answers">
        <Button onClick={onClose}>{filesTexts.cancel}</Button>
        <Button
          tone="bad"
          onClick={() => {
            if (row !== null) onConfirm(row);
            onClose();
          }}
        >
          {filesTexts.remove}
        </Button>
      </div>
    </Dialog>
  );
}
