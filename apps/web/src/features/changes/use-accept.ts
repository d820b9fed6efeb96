import type { AcceptChanges } from "@threadbox/contracts/changes";
import { showToast } from "@threadbox/ui/toast";
import { useCallback } from "react";
import { asSandboxFailure } from "../errors/index.ts";
import { fileErrorText } from "../files/index.ts";
import type { ChangesClient } from "./changes-client.ts";
import { changesTexts } from "./texts.ts";

const sayFailed = (what: string, error: unknown): void =>
  showToast({ title: `${what} ${fileErrorText(asSandboxFailure(error))}`, durationMs: 0 });

/** Accepts changes, says so, and offers to undo that; `title` says what was accepted. */
export const useAccept = ({ accept }: ChangesClient, refresh: () => Promise<void>) =>
  useCallback(
    async (files: AcceptChanges["files"], title: string): Promise<void> => {
      try {
        await accept({ files, isUndone: false });
        const onSelect = () =>
          void accept({ files, isUndone: true })
            .catch((error: unknown) => sayFailed(changesTexts.undoFailed, error))
            .finally(refresh);
        // Nothing is lost without it: all changes can still be looked at, and a file as well.
        showToast({ title, action: { label: changesTexts.undo, onSelect } });
      } catch (error) {
        sayFailed(changesTexts.acceptFailed, error);
      }
      await refresh();
    },
    [accept, refresh],
  );
