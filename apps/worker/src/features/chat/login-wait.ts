import { loginLimits } from "@threadbox/contracts/logins";
import { turnError, type Verdict } from "../opencode/index.ts";

export interface WaitFacts {
  readonly isStopped: boolean;
  /** When the turn began to wait for its login, and what time it is. */
  readonly since: number;
  readonly now: number;
}

const tooLate = turnError(
  "ReauthRequired",
  "ChatGPT signed you out, and nobody connected it again within a day. Connect it, and send the message again.",
);

/** How a turn ends that waits for a login, whatever becomes of that; null: it goes on waiting. */
export const verdictOfWait = ({ isStopped, since, now }: WaitFacts): Verdict | null => {
  if (isStopped) return { state: "interrupted" };
  return now - since >= loginLimits.turnWaitMsMax ? { state: "failed", error: tooLate } : null;
};
