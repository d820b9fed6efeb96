import type { GatewayRestart } from "@threadbox/contracts/gateway-restart";
import type { ThreadId } from "@threadbox/contracts/ids";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import type { RestartSandbox } from "./restarts-api.ts";

/** Where the restart of one sandbox is. */
export type RestartState =
  | { readonly kind: "queued" }
  | { readonly kind: "restarting" }
  | { readonly kind: "over"; readonly restart: GatewayRestart }
  | { readonly kind: "lost"; readonly failure: WireFailure };

/** As many as the worker starts at once. */
const atOnce = 3;

/**
 * Restarts them a few at a time and tells of each. Resolves when the first one has its answer and the others are on their
 * way; rejects with a `WireFailure`, and restarts nothing more, where that one was not let in or got none.
 */
export const restartAll = async (
  threadIds: readonly ThreadId[],
  restart: RestartSandbox,
  tell: (threadId: ThreadId, state: RestartState | null) => void,
): Promise<void> => {
  const [first, ...others] = threadIds;
  if (first === undefined) return;
  for (const threadId of threadIds) tell(threadId, { kind: "queued" });
  tell(first, { kind: "restarting" });
  try {
    tell(first, { kind: "over", restart: await restart(first) });
  } catch (error) {
    for (const threadId of threadIds) tell(threadId, null);
    throw asWireFailure(error);
  }
  const next = async (): Promise<void> => {
    const threadId = others.shift();
    if (threadId === undefined) return;
    tell(threadId, { kind: "restarting" });
    try {
      tell(threadId, { kind: "over", restart: await restart(threadId) });
    } catch (error) {
      tell(threadId, { kind: "lost", failure: asWireFailure(error) });
    }
    return next();
  };
  for (let lane = 0; lane < atOnce; lane += 1) void next();
};

/** How many of the last restarts are on their way, done, and failed. */
export const countRestarts = (states: Iterable<RestartState>) => {
  const counts = { running: 0, done: 0, failed: 0 };
  for (const state of states) {
    if (state.kind === "queued" || state.kind === "restarting") counts.running += 1;
    else if (state.kind === "lost" || state.restart.outcome === "failed") counts.failed += 1;
    else counts.done += 1;
  }
  return counts;
};
