import type { LoginUsage } from "@threadbox/contracts/logins";

const windows = ["primary", "secondary"] as const;

const numberIn = (headers: Headers, name: string): number | null => {
  const text = headers.get(name);
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : null;
};

/** What the headers of an answer say of the plan's limits, the shortest window first. `now` in milliseconds since 1970. */
export const usageIn = (headers: Headers, now: number): readonly LoginUsage[] =>
  windows
    .flatMap((window) => {
      const usedPercent = numberIn(headers, `x-codex-${window}-used-percent`);
      if (usedPercent === null) return [];
      const resetSeconds = numberIn(headers, `x-codex-${window}-reset-after-seconds`);
      return {
        usedPercent: Math.min(Math.round(usedPercent), 100),
        windowMinutes: numberIn(headers, `x-codex-${window}-window-minutes`),
        // To the minute: the same limit shows the same moment with every answer.
        resetsAt: resetSeconds === null ? null : Math.round((now + resetSeconds * 1000) / 60_000) * 60_000,
        at: now,
      };
    })
    .sort((a, b) => (a.windowMinutes ?? 0) - (b.windowMinutes ?? 0));
