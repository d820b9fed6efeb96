import type { Changes } from "@threadbox/contracts/changes";
import { type ComputerAnswers, computerApi } from "@threadbox/contracts/computer-api";
import { useMemo } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { readWireFailure } from "../errors/index.ts";
import { useThreadTokens } from "../thread-token/index.ts";

/** Asks for the changes, or for those of one file; rejects with a WireFailure, or as `fetch` does. */
export type LookAtChanges = (path?: string) => Promise<Changes>;

export const useLookAtChanges = (threadId: string): LookAtChanges => {
  const tokens = useThreadTokens();
  return useMemo(
    () => (path) =>
      tokens.use(threadId, async (token) => {
        const url = new URL(workerUrl(computerApi.listChanges, { threadId }));
        if (path !== undefined) url.searchParams.set("path", path);
        const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
        if (!response.ok) throw await readWireFailure(response);
        return (await response.json()) as ComputerAnswers["listChanges"];
      }),
    [threadId, tokens],
  );
};
