import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { visibleText } from "../text/index.ts";
import { filesTexts } from "./texts.ts";
import type { TreeRow } from "./tree-rows.ts";

/** What is asked about, and why: something in it was not saved, or there is no room to keep it. */
export interface Removing {
  readonly row: TreeRow;
  readonly why: "unsaved" | "full";
}

export interface RemoveDialogProps {
  /** Null: nothing. */
  readonly removing: Removing | null;
  readonly onConfirm: (removing: Removing) => void;
  readonly onClose: () => void;
}

/** Asks before something goes that can't be had back. */
export function RemoveDialog({ removing, onConfirm, onClose }: RemoveDialogProps) {
  return (
    <Dialog
      isOpen={removing !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={filesTexts.removeTitle(visibleText(removing?.row.name ?? ""))}
      description={removing?.why === "full" ? filesTexts.removeForGood : filesTexts.removeUnsaved}
    >
      <div className="files-answers">
        <Button onClick={onClose}>{filesTexts.cancel}</Button>
        <Button
          tone="bad"
          onClick={() => {
            if (removing !== null) onConfirm(removing);
            onClose();
          }}
        >
          {filesTexts.remove}
        </Button>
      </div>
    </Dialog>
  );
}
