import { useEffect } from "react";

/** How often the folders are listed while the agent works. */
const refreshEveryMs = 5_000;

/**
 * Refreshes when the files come to the front, when the sandbox has started, when a turn begins and when it ends, and meanwhile every five seconds; never
 * while nobody looks. `isWanted`: false while the files are not in front or there is no network; `start`: which start of the sandbox runs.
 */
export const useRefresh = (
  refresh: () => Promise<void>,
  isWanted: boolean,
  isRunning: boolean,
  start: number | undefined,
): void => {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another start may have other files
  useEffect(() => {
    if (!isWanted) return;
    const refreshSeen = () => {
      if (document.visibilityState === "visible") void refresh();
    };
    refreshSeen();
    document.addEventListener("visibilitychange", refreshSeen);
    const timer = isRunning ? setInterval(refreshSeen, refreshEveryMs) : undefined;
    return () => {
      document.removeEventListener("visibilitychange", refreshSeen);
      clearInterval(timer);
    };
  }, [refresh, isWanted, isRunning, start]);
};
