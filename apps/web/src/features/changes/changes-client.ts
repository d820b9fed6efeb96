import type { AcceptChanges, Changes } from "@threadbox/contracts/changes";
import { type ComputerAnswers, computerApi } from "@threadbox/contracts/computer-api";
import { useMemo } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";
import type { AskedChanges } from "./asked-changes.ts";

/** What the worker does with a thread's changes; rejects with a WireFailure, or as `fetch` does. */
export interface ChangesClient {
  /** Asks for the changes, or for those of one file. */
  readonly look: (asked: AskedChanges, path?: string) => Promise<Changes>;
  readonly accept: (changes: AcceptChanges) => Promise<void>;
}

export const useChangesClient = (threadId: string): ChangesClient => {
  const tokens = useThreadTokens();
  return useMemo(() => {
    return {
      look: async (asked, path) => {
        const url = new URL(workerUrl(computerApi.listChanges, { threadId }));
        if ("turnId" in asked) url.searchParams.set("turn", asked.turnId);
        else url.searchParams.set("scope", asked.scope);
        if (path !== undefined) url.searchParams.set("path", path);
        return (await (await threadFetch(tokens, threadId, url.href)).json()) as ComputerAnswers["listChanges"];
      },
      accept: async (changes) => {
        const { method } = computerApi.acceptChanges;
        const url = workerUrl(computerApi.acceptChanges, { threadId });
        await threadFetch(tokens, threadId, url, { method, body: JSON.stringify(changes) });
      },
    };
  }, [threadId, tokens]);
};
