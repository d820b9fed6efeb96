import type { LoginUsage } from "@threadbox/contracts/logins";
import { useNow } from "../../lib/use-now.ts";
import { shownUsage } from "./usage-text.ts";

interface UsageBarsProps {
  readonly usage: readonly LoginUsage[];
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  readonly ahead: number;
}

const levelOf = (percent: number) => (percent >= 90 ? "bad" : percent >= 75 ? "warn" : undefined);

/** How much of the plan's limits is used, as OpenAI last said. */
export function UsageBars({ usage, ahead }: UsageBarsProps) {
  const now = useNow(60_000) + ahead;
  return shownUsage(usage, now).map(({ percent, text }) => (
    <div key={text} className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
      <span aria-hidden="true" className="login-bar">
        <span className="login-bar-used" data-level={levelOf(percent)} style={{ width: `${percent}%` }} />
      </span>
      <span className="tabular text-compact text-ink-muted">{text}</span>
    </div>
  ));
}
