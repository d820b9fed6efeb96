import type { LoginUsage } from "@threadbox/contracts/logins";
import { modelTexts as texts } from "./texts.ts";

const [hourMinutes, dayMinutes] = [60, 1_440];

/** The length of a limit's window in words. */
export const windowName = (minutes: number | null): string => {
  if (minutes === null) return texts.usage.plan;
  if (minutes % dayMinutes === 0 && minutes > dayMinutes) return texts.usage.days(minutes / dayMinutes);
  return minutes < hourMinutes ? texts.usage.minutes(minutes) : texts.usage.hours(Math.round(minutes / hourMinutes));
};

/** How much is left of a window, in percent; null where it has begun anew since OpenAI spoke of it. */
export const leftOf = ({ usedPercent, resetsAt }: LoginUsage, now: number): number | null =>
  resetsAt !== null && resetsAt <= now ? null : Math.max(0, 100 - Math.round(usedPercent));

export interface UsageLeft {
  readonly window: string;
  readonly percent: number;
}

/** The window with the least left, which is the one to watch; null where nothing is known of any. */
export const tightest = (usage: readonly LoginUsage[], now: number): UsageLeft | null =>
  usage.reduce<UsageLeft | null>((least, limit) => {
    const percent = leftOf(limit, now);
    if (percent === null || (least !== null && least.percent <= percent)) return least;
    return { window: windowName(limit.windowMinutes), percent };
  }, null);
