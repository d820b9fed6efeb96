import type { RunningCommand } from "@threadbox/contracts/processes";
import { IconButton } from "@threadbox/ui/button";
import { Bot, Layers, LoaderCircle, Square, SquareTerminal } from "lucide-react";
import { visibleText } from "../text/index.ts";
import { runningDetail, runningTexts } from "./running-texts.ts";
import { commandKey, useRunningCommands } from "./use-running-commands.ts";

const icons = { agent: Bot, terminal: SquareTerminal, background: Layers } as const;

interface CommandProps {
  readonly command: RunningCommand;
  readonly isStopping: boolean;
  readonly onStop: () => void;
}

function Command({ command, isStopping, onStop }: CommandProps) {
  const Icon = icons[command.by];
  const name = visibleText(command.command) || runningTexts.unnamed;
  return (
    <li className="activity-row">
      <Icon aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p dir="ltr" className="truncate font-mono text-[13px]" title={name}>
          {name}
        </p>
        <p className="text-ink-muted text-xs tabular">{runningDetail(command)}</p>
      </div>
      <IconButton
        label={runningTexts.stop(name)}
        icon={isStopping ? <LoaderCircle className="animate-turn" /> : <Square />}
        size="sm"
        disabled={isStopping}
        onClick={onStop}
      />
    </li>
  );
}

export interface RunningNowProps {
  readonly threadId: string;
  /** False while something else is in front, or where no sandbox runs. */
  readonly isWanted: boolean;
}

/** The commands that run on the thread's computer at this moment, whoever started them; nothing where there are none. */
export function RunningNow({ threadId, isWanted }: RunningNowProps) {
  const { state, stopping, stop } = useRunningCommands(threadId, isWanted);
  if (!isWanted) return null;
  if (state.kind === "failed") return <p className="activity-note">{runningTexts.failed}</p>;
  if (state.kind !== "known" || state.value.length === 0) return null;
  return (
    <section aria-label={runningTexts.title} className="activity-running">
      <h2 className="activity-day">{runningTexts.title}</h2>
      <ul>
        {state.value.map((command) => {
          const key = commandKey(command);
          return (
            <Command key={key} command={command} isStopping={stopping.has(key)} onStop={() => void stop(command)} />
          );
        })}
      </ul>
    </section>
  );
}
