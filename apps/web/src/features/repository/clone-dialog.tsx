import type { CloneRepository } from "@threadbox/contracts/repository";
import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { useState } from "react";
import { CloneDone } from "./clone-done.tsx";
import { CloneFailed } from "./clone-failed.tsx";
import { CloneForm } from "./clone-form.tsx";
import { CloneProgress } from "./clone-progress.tsx";
import { repositoryTexts as texts } from "./texts.ts";
import type { UseClone } from "./use-clone.ts";

interface CloneDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly clone: UseClone;
  readonly onOpenThread: (threadId: string) => void;
}

export function CloneDialog({ isOpen, onClose, clone: { view, start, change }, onOpenThread }: CloneDialogProps) {
  const [order, setOrder] = useState<CloneRepository | null>(null);
  const begin = (wanted: CloneRepository) => {
    setOrder(wanted);
    start(wanted);
  };
  const known = view.kind === "known" ? view : null;
  const status = known?.state.status;
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(isWanted) => (isWanted ? undefined : onClose())}
      title={texts.title}
      description={texts.lead}
      actions={
        known !== null && (status === "running" || status === "done") ? (
          <Button tone={status === "done" ? "accent" : "plain"} onClick={() => onOpenThread(known.threadId)}>
            {texts.openThread}
          </Button>
        ) : undefined
      }
    >
      {view.kind === "form" ? (
        <CloneForm initial={order} failure={view.failure} onCancel={onClose} onClone={begin} />
      ) : view.kind === "starting" || view.state.status === "none" ? (
        <CloneProgress state={null} />
      ) : view.state.status === "running" ? (
        <CloneProgress state={view.state} />
      ) : view.state.status === "done" ? (
        <CloneDone threadId={view.threadId} state={view.state} />
      ) : (
        <CloneFailed
          threadId={view.threadId}
          state={view.state}
          onChange={change}
          onRetry={() => (order === null ? change() : begin(order))}
        />
      )}
    </Dialog>
  );
}
