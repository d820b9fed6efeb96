import { type ComputerAnswers, computerApi } from "@threadbox/contracts/computer-api";
import type { ListeningPort } from "@threadbox/contracts/views";
import { useCallback } from "react";
import { type Looked, useLook } from "../../lib/use-look.ts";
import { workerUrl } from "../../lib/worker-url.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";

/** What listens in the thread's sandbox, as far as is known. */
export type PortsState = Looked<readonly ListeningPort[]>;

const lookMs = 5_000;

/** Looks at once and every five seconds, while somebody is looking. */
export const usePorts = (threadId: string, isWanted: boolean): PortsState => {
  const tokens = useThreadTokens();
  const ask = useCallback(
    async (signal: AbortSignal) => {
      const response = await threadFetch(tokens, threadId, workerUrl(computerApi.listPorts, { threadId }), { signal });
      return ((await response.json()) as ComputerAnswers["listPorts"]).ports;
    },
    [threadId, tokens],
  );
  return useLook(ask, lookMs, isWanted).state;
};
