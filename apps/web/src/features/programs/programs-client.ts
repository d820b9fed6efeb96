import type { ProgramReport } from "@threadbox/contracts/codemode";
import { programApi } from "@threadbox/contracts/program-api";
import type { KeepSnippet, ProgramRuns, RunSnippet, Snippet } from "@threadbox/contracts/program-runs";
import { useMemo } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";

/** What came of a run, as far as it is shown. */
export type RunOutcome = Pick<ProgramReport, "result" | "error" | "sent" | "changes">;

/** What the worker knows of a thread's programs; rejects with a WireFailure, or as `fetch` does. */
export interface ProgramsClient {
  readonly list: () => Promise<ProgramRuns>;
  readonly keep: (wish: KeepSnippet) => Promise<Snippet>;
  readonly drop: (snippetId: string) => Promise<void>;
  /** Takes as long as a person may be asked. */
  readonly run: (snippetId: string, wish: RunSnippet) => Promise<RunOutcome>;
}

/** The report is the last event of a stream that gives signs of life until then. */
const lastEvent = (text: string): string =>
  text
    .split("\n")
    .findLast((line) => line.startsWith("data: {"))
    ?.slice(6) ?? "{}";

export const useProgramsClient = (threadId: string): ProgramsClient => {
  const tokens = useThreadTokens();
  return useMemo(() => {
    const ask = (url: string, method: string, body?: object): Promise<Response> =>
      threadFetch(tokens, threadId, url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const { listRuns, keepSnippet, dropSnippet, runSnippet } = programApi;
    return {
      list: async () => (await ask(workerUrl(listRuns, { threadId }), listRuns.method)).json(),
      keep: async (wish) => (await ask(workerUrl(keepSnippet, { threadId }), keepSnippet.method, wish)).json(),
      drop: async (snippetId) => void (await ask(workerUrl(dropSnippet, { threadId, snippetId }), dropSnippet.method)),
      run: async (snippetId, wish) => {
        const response = await ask(workerUrl(runSnippet, { threadId, snippetId }), runSnippet.method, wish);
        return JSON.parse(lastEvent(await response.text()));
      },
    };
  }, [threadId, tokens]);
};
