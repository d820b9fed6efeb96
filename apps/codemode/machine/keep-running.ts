import type { Config } from "./config.ts";
import { listenForStops } from "./hear-stops.ts";
import { listenForRuns } from "./listen-for-runs.ts";
import { Places } from "./places.ts";
import type { Tell } from "./told.ts";

/**
 * Runs programs until `signal` aborts, each in a process that is watched from outside: one that computes without end stops
 * everything inside, every timer too. Such a process is killed, and another takes its place. Rejects where none can be started.
 */
export const keepRunning = async (config: Config, tell: Tell, signal: AbortSignal): Promise<void> => {
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener("abort", end);
  const places = new Places(config, tell, ending.signal);
  const closings = await Promise.all([
    listenForStops(config, (run) => void places.stop(run)),
    listenForRuns(config, places),
  ]);
  const aborted = new Promise<void>((resolve) => ending.signal.addEventListener("abort", () => resolve()));
  await Promise.race([aborted, places.failed]).finally(async () => {
    for (const close of closings) close();
    end();
    await places.ended();
  });
};
