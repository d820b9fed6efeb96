import type { ModelChoice, ModelList } from "@threadbox/contracts/model-choice";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLoginSession } from "../auth/index.ts";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import { type KnownModels, keepModels, knownModels } from "./known-models.ts";
import { makeModelsApi } from "./models-api.ts";
import { recallChoice, rememberChoice, withChoice } from "./remembered-choice.ts";
import { type WatchedModels, watchModels } from "./watch-models.ts";

export interface Models {
  /** As last heard; null before the first answer. */
  readonly known: KnownModels | null;
  /** Why what is known may be old; null: it isn't. */
  readonly failure: WireFailure | null;
  /** The choice that is on its way; null: none is. */
  readonly pending: ModelChoice | null;
  /** Answers with why the choice could not be made, else null. Until it is made nothing changes. */
  readonly choose: (choice: ModelChoice) => Promise<WireFailure | null>;
  /** Marks a choice as a favourite, or takes the mark away; answers as `choose`. */
  readonly mark: (choice: ModelChoice, isFavourite: boolean) => Promise<WireFailure | null>;
}

/** What may answer the thread and what does, kept true. Without a thread: for one that begins on this device. */
export const useModels = (threadId: string | null): Models => {
  const { getAccessToken } = useLoginSession();
  const api = useMemo(() => makeModelsApi(getAccessToken), [getAccessToken]);
  const [known, setKnown] = useState<KnownModels | null>(() => knownModels(threadId));
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const [pending, setPending] = useState<ModelChoice | null>(null);
  const tellOthers = useRef(() => {});

  const take = useCallback(
    (list: ModelList) => {
      const kept = keepModels(threadId, threadId === null ? withChoice(list, recallChoice()) : list);
      setKnown(kept);
      setFailure(null);
      return kept.list.revision;
    },
    [threadId],
  );

  useEffect(() => {
    const watched: WatchedModels = {
      seen: () => knownModels(threadId)?.list.revision ?? null,
      ask: async (seen, signal) => {
        try {
          return take(await api.list(threadId, seen, signal));
        } catch (error) {
          if (!signal.aborted) setFailure(asWireFailure(error));
          throw error;
        }
      },
    };
    const { tell, end } = watchModels(watched);
    tellOthers.current = tell;
    return end;
  }, [api, threadId, take]);

  const choose = useCallback(
    async (choice: ModelChoice) => {
      setPending(choice);
      try {
        if (threadId !== null) take(await api.choose(threadId, choice));
        rememberChoice(choice);
        const here = knownModels(null);
        if (here !== null) keepModels(null, withChoice(here.list, choice));
        if (threadId === null) setKnown(knownModels(null));
        tellOthers.current();
        return null;
      } catch (error) {
        return asWireFailure(error);
      } finally {
        setPending(null);
      }
    },
    [api, threadId, take],
  );

  const mark = useCallback(
    async (choice: ModelChoice, isFavourite: boolean) => {
      try {
        take(await api.mark(threadId, choice, isFavourite));
        tellOthers.current();
        return null;
      } catch (error) {
        return asWireFailure(error);
      }
    },
    [api, threadId, take],
  );

  return { known, failure, pending, choose, mark };
};
