import type { LoginUsage } from "@threadbox/contracts/logins";

const named: Readonly<Record<number, string>> = { 60: "hourly", 1440: "daily", 10080: "weekly", 43200: "monthly" };

/** A limit by the length of its window: 5-hour limit, weekly limit. `null`: OpenAI hasn't said. */
export const limitName = (windowMinutes: number | null): string => {
  if (windowMinutes === null) return "plan’s limit";
  const name = named[windowMinutes];
  if (name !== undefined) return `${name} limit`;
  if (windowMinutes % 1_440 === 0) return `${windowMinutes / 1_440}-day limit`;
  return windowMinutes % 60 === 0 ? `${windowMinutes / 60}-hour limit` : `${windowMinutes}-minute limit`;
};

export interface ShownUsage {
  /** A whole number from 0 to 100. */
  readonly percent: number;
  /** 38 % of the 5-hour limit used · resets 14:20 */
  readonly text: string;
}

const dayMs = 86_400_000;

/** What is worth telling of a plan's limits: one whose window has ended since says nothing any more. */
export const shownUsage = (usage: readonly LoginUsage[], now: number): readonly ShownUsage[] =>
  usage
    .filter(({ resetsAt }) => resetsAt === null || resetsAt > now)
    .map(({ usedPercent, windowMinutes, resetsAt }) => {
      const percent = Math.min(100, Math.max(0, Math.round(usedPercent)));
      const used = `${percent} % of the ${limitName(windowMinutes)} used`;
      if (resetsAt === null) return { percent, text: used };
      const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
      const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });
      const when = resetsAt - now < dayMs ? clock.format(resetsAt) : day.format(resetsAt);
      return { percent, text: `${used} · resets ${when}` };
    });
