import type { RestoreFiles } from "@threadbox/contracts/points";
import { showToast } from "@threadbox/ui/toast";
import { useState } from "react";
import { failureWords, WireFailure } from "../errors/index.ts";
import type { PointsClient } from "./points-client.ts";
import { restoreTexts as texts } from "./texts.ts";

const words = failureWords({
  saidByServer: new Set([
    "NotFound",
    "Conflict",
    "AlreadyRunning",
    "QuotaExceeded",
    "SandboxUnavailable",
    "StoreUnavailable",
    "CapabilityDenied",
  ]),
  own: {},
  other: texts.restoreFailed,
  reference: texts.reference,
});

const wordsOf = (error: unknown): string => (error instanceof WireFailure ? words(error) : texts.unknown);

const undo = async (client: PointsClient, wish: RestoreFiles): Promise<void> => {
  showToast({ title: texts.undoing, durationMs: 5_000 });
  try {
    await client.restore(wish);
    showToast({ title: texts.undone });
  } catch (error) {
    showToast({ title: `${texts.undoFailed} ${wordsOf(error)}`, durationMs: 0 });
  }
};

/** Asks for a restore, and offers the way back once it is done. `restore` resolves to whether it was. */
export const useRestore = (client: PointsClient) => {
  const [isRestoring, setIsRestoring] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const restore = async (wish: RestoreFiles, when: string | null): Promise<boolean> => {
    setIsRestoring(true);
    setFailure(null);
    try {
      const { undo: back } = await client.restore(wish);
      const action = back === null ? {} : { action: { label: texts.undo, onSelect: () => void undo(client, back) } };
      showToast({ title: texts.done(when), durationMs: 15_000, ...action });
      return true;
    } catch (error) {
      setFailure(wordsOf(error));
      return false;
    } finally {
      setIsRestoring(false);
    }
  };
  return { isRestoring, failure, restore };
};
