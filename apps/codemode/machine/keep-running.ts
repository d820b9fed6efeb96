import { setTimeout as delay } from "node:timers/promises";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import type { Config } from "./config.ts";
import { watchdog } from "./watchdog.ts";
import { startWorkerd, type Workerd } from "./workerd.ts";

const lookEveryMs = 250;
/** Until its first answer: so early that hardly any run is before it. */
const firstLookEveryMs = 20;
const startMsMax = 30_000;
const restartMs = 200;

/** So long a machine in which a run was stopped may be silent: a person waits for the end of it. */
const stopMsMax = 1_000;

/** Calls back when somebody has stopped a run; answers with what ends that. */
export type HearStops = (onStop: () => void) => () => void;

export interface Told {
  readonly event: "codemode.started" | "codemode.killed" | "codemode.ended" | "codemode.said";
  readonly detail: string;
}

const watch = async (workerd: Workerd, tell: (told: Told) => void, hearStops: HearStops, signal: AbortSignal) => {
  const { computingMsMax, memoryMibMax } = codemodeLimits;
  const judge = watchdog({ silentMsMax: computingMsMax, startMsMax, memoryMibMax }, performance.now());
  let hasAnswered = false;
  // A run that waits has ended with its socket, and one that computes lets nobody be answered.
  const lookAtStop = async () => {
    const { isAnswering, memoryMib } = await workerd.look(stopMsMax);
    if (isAnswering || memoryMib === null || signal.aborted) return;
    // It was a run that kept it from answering, and not its start.
    hasAnswered = true;
    tell({ event: "codemode.killed", detail: "stopped" });
    workerd.kill();
  };
  const deafen = hearStops(() => void lookAtStop());
  while (!signal.aborted) {
    const look = await workerd.look();
    hasAnswered ||= look.isAnswering;
    const verdict = judge(look, performance.now());
    if (verdict.kill) {
      tell({ event: "codemode.killed", detail: verdict.why });
      workerd.kill();
      break;
    }
    await delay(hasAnswered ? lookEveryMs : firstLookEveryMs, undefined, { signal }).catch(() => {});
  }
  deafen();
  return { hasAnswered };
};

/**
 * Keeps workerd running until `signal` aborts: it is watched from outside, because a program that computes without end
 * stops everything inside, every timer too. It is killed then, and started again. Rejects where it ends without ever having answered.
 */
export const keepRunning = async (
  config: Pick<Config, "port" | "key" | "script">,
  tell: (told: Told) => void,
  hearStops: HearStops,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const workerd = startWorkerd(config, (detail) => tell({ event: "codemode.said", detail }));
    tell({ event: "codemode.started", detail: String(config.port) });
    const over = new AbortController();
    const stop = () => workerd.kill();
    signal.addEventListener("abort", stop);
    const watching = watch(workerd, tell, hearStops, over.signal);
    const how = await workerd.ended;
    over.abort();
    const { hasAnswered } = await watching;
    signal.removeEventListener("abort", stop);
    if (!signal.aborted) {
      if (!hasAnswered) throw new Error(`workerd does not start: ${how}`);
      tell({ event: "codemode.ended", detail: how });
      await delay(restartMs, undefined, { signal }).catch(() => {});
    }
  }
};
