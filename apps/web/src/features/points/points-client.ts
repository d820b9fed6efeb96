import { type ComputerAnswers, type ComputerBodies, computerApi } from "@threadbox/contracts/computer-api";
import { useMemo } from "react";
import { workerUrl } from "../../lib/worker-url.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";

type Answer<Name extends keyof ComputerAnswers> = Promise<ComputerAnswers[Name]>;

/** `BeginOffshoot`, of ids as the page has them. */
export type OffshootWish = Readonly<Record<"threadId", string> & { after: string | null; pointId?: string }>;

export interface PointsClient {
  /** `before`: a message before which a point is looked for. */
  readonly list: (signal: AbortSignal, before?: string) => Answer<"listPoints">;
  readonly compare: (id: string, signal: AbortSignal) => Answer<"comparePoint">;
  readonly restore: (wish: ComputerBodies["restoreFiles"]) => Answer<"restoreFiles">;
  readonly beginOffshoot: (wish: OffshootWish) => Answer<"beginOffshoot">;
  /** What runs in the sandbox now. */
  readonly running: (signal: AbortSignal) => Answer<"listProcesses">;
}

/** The worker's routes to a thread's points. */
export const usePointsClient = (threadId: string): PointsClient => {
  const tokens = useThreadTokens();
  return useMemo(() => {
    const ask = async <Name extends keyof ComputerAnswers>(url: string, init: RequestInit): Answer<Name> =>
      (await threadFetch(tokens, threadId, url, init)).json();
    const query = (before: string | undefined) => (before === undefined ? "" : `?before=${encodeURIComponent(before)}`);
    return {
      list: (signal, before) =>
        ask<"listPoints">(`${workerUrl(computerApi.listPoints, { threadId })}${query(before)}`, { signal }),
      compare: (pointId, signal) =>
        ask<"comparePoint">(workerUrl(computerApi.comparePoint, { threadId, pointId }), { signal }),
      restore: (wish) =>
        ask<"restoreFiles">(workerUrl(computerApi.restoreFiles, { threadId }), {
          method: computerApi.restoreFiles.method,
          body: JSON.stringify(wish),
        }),
      beginOffshoot: (wish) =>
        ask<"beginOffshoot">(workerUrl(computerApi.beginOffshoot, { threadId }), {
          method: computerApi.beginOffshoot.method,
          body: JSON.stringify(wish),
        }),
      running: (signal) => ask<"listProcesses">(workerUrl(computerApi.listProcesses, { threadId }), { signal }),
    };
  }, [threadId, tokens]);
};
