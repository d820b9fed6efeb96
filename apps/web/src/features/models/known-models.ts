import type { ModelList } from "@threadbox/contracts/model-choice";

export interface KnownModels {
  readonly list: ModelList;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  readonly ahead: number;
}

/** What this tab has last heard, by thread; null stands for a thread that doesn't exist yet. */
const known = new Map<string | null, KnownModels>();

export const knownModels = (threadId: string | null): KnownModels | null => known.get(threadId) ?? null;

/** Answers with the newest that is known: an answer that was overtaken by a newer one says nothing. */
export const keepModels = (threadId: string | null, list: ModelList): KnownModels => {
  const before = knownModels(threadId);
  if (before !== null && before.list.revision > list.revision) return before;
  const kept = { list, ahead: list.now - Date.now() };
  known.set(threadId, kept);
  return kept;
};
