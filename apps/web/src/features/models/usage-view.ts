import type { LoginUsage } from "@threadbox/contracts/logins";
import { limitName } from "../logins/index.ts";

/** How much is left of a window, in percent; null where it has begun anew since OpenAI spoke of it. */
export const leftOf = ({ usedPercent, resetsAt }: LoginUsage, now: number): number | null =>
  resetsAt !== null && resetsAt <= now ? null : Math.max(0, 100 - Math.round(usedPercent));

export interface UsageLeft {
  readonly limit: string;
  readonly percent: number;
}

/** The limit with the least left, which is the one to watch; null where nothing is known of any. */
export const tightest = (usage: readonly LoginUsage[], now: number): UsageLeft | null =>
  usage.reduce<UsageLeft | null>((least, limit) => {
    const percent = leftOf(limit, now);
    if (percent === null || (least !== null && least.percent <= percent)) return least;
    return { limit: limitName(limit.windowMinutes), percent };
  }, null);
