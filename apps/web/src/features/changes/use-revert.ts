import type { ChangedFile } from "@threadbox/contracts/changes";
import { showToast } from "@threadbox/ui/toast";
import { useCallback } from "react";
import { asSandboxFailure } from "../errors/index.ts";
import { fileErrorText, useFilesClient } from "../files/index.ts";
import { visibleText } from "../text/index.ts";
import type { Hunk } from "./hunks.ts";
import { revert } from "./revert.ts";
import { changesTexts } from "./texts.ts";

const sayFailed = (what: string, error: unknown): void =>
  showToast({ title: `${what} ${fileErrorText(asSandboxFailure(error))}`, durationMs: 0 });

/** Takes hunks of a file back, says so, and offers to undo that. */
export const useRevert = (threadId: string, refresh: () => Promise<void>) => {
  const client = useFilesClient(threadId);
  return useCallback(
    async (file: ChangedFile, hunks: readonly Hunk[], isWhole: boolean): Promise<void> => {
      try {
        const undo = await revert(client, file, hunks);
        const name = visibleText(file.path.slice(file.path.lastIndexOf("/") + 1));
        const onSelect = () =>
          void undo()
            .catch((error: unknown) => sayFailed(changesTexts.undoFailed, error))
            .finally(refresh);
        const title = isWhole ? changesTexts.reverted(name) : changesTexts.revertedHunk(name);
        // What was written is nowhere else by now, so the way back stays until it is closed.
        showToast({ title, action: { label: changesTexts.undo, onSelect }, durationMs: 0 });
      } catch (error) {
        sayFailed(changesTexts.revertFailed, error);
      }
      await refresh();
    },
    [client, refresh],
  );
};
