import type { api } from "@threadbox/convex/_generated/api";
import { Badge } from "@threadbox/ui/badge";
import { Button } from "@threadbox/ui/button";
import type { FunctionReturnType } from "convex/server";
import { Ago } from "./ago.tsx";
import { failureText } from "./failure-text.ts";
import type { RestartState } from "./restarts.ts";
import { shortId } from "./standing.ts";
import { runningTexts as texts } from "./texts.ts";

type RunningSandbox = FunctionReturnType<typeof api.sandboxes.listRunning>[number];

const restartText = (state: RestartState): string => {
  if (state.kind === "queued") return texts.queued;
  if (state.kind === "restarting") return texts.restarting;
  if (state.kind === "lost") return failureText(state.failure);
  const { outcome, downMs, reason } = state.restart;
  return outcome === "restarted" && downMs !== null ? texts.restarted(downMs) : reason;
};

const isFailed = (state: RestartState): boolean =>
  state.kind === "lost" || (state.kind === "over" && state.restart.outcome === "failed");

interface RunningRowProps {
  readonly sandbox: RunningSandbox;
  readonly restart: RestartState | undefined;
  readonly onRestart: () => void;
}

/** One sandbox that runs. */
export function RunningRow({ sandbox, restart, onRestart }: RunningRowProps) {
  const { threadId, owner, status, since } = sandbox;
  const isBusy = restart?.kind === "queued" || restart?.kind === "restarting";
  const name = owner?.name ?? texts.unknownOwner;
  const { columns } = texts;
  return (
    <tr>
      <td data-label={columns.owner}>
        <span className="min-w-0 break-words" title={owner?.email}>
          {name}
        </span>
      </td>
      <td data-label={columns.thread} className="secrets-short font-mono text-compact">
        {shortId(threadId)}
      </td>
      <td data-label={columns.state}>
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <Badge tone={status === "busy" ? "accent" : status === "ready" ? "good" : "neutral"}>
            {texts.states[status as keyof typeof texts.states]}
          </Badge>
          {restart === undefined ? null : (
            <span className={isFailed(restart) ? "text-bad text-compact" : "text-compact text-ink-muted"}>
              {restartText(restart)}
            </span>
          )}
        </div>
      </td>
      <td data-label={columns.since} className="secrets-short">
        <Ago at={since} />
      </td>
      <td>
        <div className="secrets-actions">
          <Button size="sm" disabled={isBusy} onClick={onRestart} aria-label={texts.restartOf(name, shortId(threadId))}>
            {texts.restart}
          </Button>
        </div>
      </td>
    </tr>
  );
}
