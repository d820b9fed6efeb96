import type { ProgramCall } from "@threadbox/contracts/codemode";
import type { LiveCall } from "@threadbox/contracts/live";
import { Check, CircleSlash, CircleX, LoaderCircle } from "lucide-react";
import { durationText, runningText } from "../../../lib/duration.ts";
import { useNow } from "../../../lib/use-now.ts";
import { visibleText } from "../../text/index.ts";
import { programTexts } from "../texts/programs.ts";

type CallState = "running" | "done" | "refused" | "unfinished";

const icons = {
  running: <LoaderCircle className="animate-turn text-accent" />,
  done: <Check className="text-good" />,
  refused: <CircleX className="text-bad" />,
  unfinished: <CircleSlash className="text-ink-muted" />,
} as const;

interface CallProps {
  readonly call: ProgramCall | LiveCall;
  /** The program still runs. */
  readonly isLive: boolean;
}

function Since({ at }: { readonly at: number }) {
  return runningText(useNow(1_000) - at);
}

function Call({ call, isLive }: CallProps) {
  const { tool, args = "", durationMs, refusal } = call;
  const unended = isLive ? "running" : "unfinished";
  const state: CallState = refusal !== undefined ? "refused" : durationMs === undefined ? unended : "done";
  return (
    <li className="py-0.5 text-xs">
      <div className="flex items-center gap-2 [&_svg]:size-3.5 [&_svg]:shrink-0">
        {icons[state]}
        <code className="min-w-0 flex-1 truncate" dir="ltr">
          {visibleText(tool)}
          {args === "" ? null : <span className="text-ink-muted"> {visibleText(args)}</span>}
        </code>
        <span className="sr-only">{programTexts[state]}</span>
        <span className="shrink-0 text-ink-muted tabular">
          {durationMs !== undefined ? (
            durationText(durationMs)
          ) : state === "running" && "startedAt" in call ? (
            <Since at={call.startedAt} />
          ) : null}
        </span>
      </div>
      {refusal === undefined ? null : <p className="break-words ps-5.5 text-bad">{visibleText(refusal)}</p>}
    </li>
  );
}

export interface ProgramCallsProps {
  readonly calls: readonly (ProgramCall | LiveCall)[];
  readonly isLive: boolean;
}

/** The tool calls of a program, as they happen and as they were. */
export function ProgramCalls({ calls, isLive }: ProgramCallsProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it
    <ol tabIndex={0} aria-label={programTexts.calls} className="focus-inset relative max-h-60 overflow-auto">
      {calls.map((call, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls of a run never move
        <Call key={index} call={call} isLive={isLive} />
      ))}
    </ol>
  );
}
