import type { AcceptChanges, Changes } from "@threadbox/contracts/changes";
import { useMemo } from "react";
import { pageConfig } from "../../lib/request.ts";
import { readWireFailure } from "../errors/index.ts";
import { useThreadTokens } from "../thread-token/index.ts";
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
    const ask = (url: URL, init: RequestInit = {}) =>
      tokens.use(threadId, async (token) => {
        const response = await fetch(url, { ...init, headers: { authorization: `Bearer ${token}` } });
        if (!response.ok) throw await readWireFailure(response);
        return response;
      });
    const at = (path: string) => new URL(`${pageConfig().workerUrl}/api/sandbox/${threadId}/${path}`);
    return {
      look: async (asked, path) => {
        const url = at("changes");
        if ("turnId" in asked) url.searchParams.set("turn", asked.turnId);
        else url.searchParams.set("scope", asked.scope);
        if (path !== undefined) url.searchParams.set("path", path);
        const response = await ask(url);
        return (await response.json()) as Changes;
      },
      accept: async (changes) => {
        await ask(at("accepted-changes"), { method: "POST", body: JSON.stringify(changes) });
      },
    };
  }, [threadId, tokens]);
};
