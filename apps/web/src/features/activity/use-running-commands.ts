import { type ComputerAnswers, computerApi } from "@threadbox/contracts/computer-api";
import type { RunningCommand } from "@threadbox/contracts/processes";
import { showToast } from "@threadbox/ui/toast";
import { useCallback, useState } from "react";
import { useLook } from "../../lib/use-look.ts";
import { workerUrl } from "../../lib/worker-url.ts";
import { errorText, WireFailure } from "../errors/index.ts";
import { threadFetch, useThreadTokens } from "../thread-token/index.ts";
import { runningTexts } from "./running-texts.ts";

const lookMs = 2_000;

export const commandKey = ({ pid, startTicks }: RunningCommand): string => `${pid}-${startTicks}`;

/** What runs on the thread's computer, looked at every two seconds, and the way to stop it. */
export const useRunningCommands = (threadId: string, isWanted: boolean) => {
  const tokens = useThreadTokens();
  const [stopping, setStopping] = useState<ReadonlySet<string>>(new Set());
  const list = useCallback(
    async (signal: AbortSignal) => {
      const response = await threadFetch(tokens, threadId, workerUrl(computerApi.listProcesses, { threadId }), {
        signal,
      });
      return ((await response.json()) as ComputerAnswers["listProcesses"]).commands;
    },
    [tokens, threadId],
  );
  const { state, again } = useLook(list, lookMs, isWanted);
  const stop = useCallback(
    async (command: RunningCommand) => {
      const key = commandKey(command);
      setStopping((known) => new Set([...known, key]));
      try {
        const url = workerUrl(computerApi.stopProcess, { threadId, pid: `${command.pid}` });
        await threadFetch(tokens, threadId, `${url}?start=${command.startTicks}`, {
          method: computerApi.stopProcess.method,
        });
      } catch (error) {
        const reason = error instanceof WireFailure ? errorText(error.tag, error).text : runningTexts.unreachable;
        showToast({ title: `${runningTexts.stopFailed} ${reason}` });
      } finally {
        setStopping((known) => new Set([...known].filter((each) => each !== key)));
        again();
      }
    },
    [tokens, again, threadId],
  );
  return { state, stopping, stop };
};
