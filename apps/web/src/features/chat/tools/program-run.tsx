import type { ProgramReport } from "@threadbox/contracts/codemode";
import { programKey } from "@threadbox/contracts/program-key";
import { tooltip } from "@threadbox/ui/tooltip";
import type { ReactNode } from "react";
import { durationText } from "../../../lib/duration.ts";
import { Fold } from "../../../lib/fold.tsx";
import { ScrollPre } from "../../../lib/scroll-pre.tsx";
import { NoTrial, SentRequests, UndoChanges } from "../../approvals/index.ts";
import { CopyButton, HighlightedCode, visibleText } from "../../text/index.ts";
import { programTexts } from "../texts/programs.ts";
import { useLiveValue } from "../thread/live-thread-context.tsx";
import { ProgramCalls } from "./program-calls.tsx";

/** A program of so many lines stands open; a longer one waits to be asked for. */
const openLinesMax = 12;

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="px-3 py-2.5">
      <h3 className="mb-1.5 flex min-h-6 items-center justify-between text-ink-muted text-xs">
        {title}
        {action}
      </h3>
      {children}
    </section>
  );
}

function Program({ code }: { readonly code: string }) {
  return (
    <div className="relative py-1">
      <Fold
        head={programTexts.program}
        className="min-h-8 px-3 pe-11 text-ink-muted text-xs"
        isOpen={code.split("\n").length <= openLinesMax}
      >
        <ScrollPre className="mb-1.5 max-h-80 whitespace-pre-wrap break-words px-3 text-xs leading-5">
          <code>
            <HighlightedCode code={visibleText(code)} language="js" />
          </code>
        </ScrollPre>
      </Fold>
      <span className="absolute end-1.5 top-1.5">
        <CopyButton label={programTexts.copyProgram} text={() => code} />
      </span>
    </div>
  );
}

const resultText = ({ result }: ProgramReport): string =>
  typeof result === "string" ? result : JSON.stringify(result, null, 2);

function Outcome({ report }: { readonly report: ProgramReport }) {
  const isEmpty = report.result === undefined || report.result === null;
  return (
    <Part title={programTexts.result}>
      {report.error === undefined && isEmpty ? (
        <p className="text-compact text-ink-muted">{programTexts.nothing}</p>
      ) : (
        <ScrollPre className="max-h-80 whitespace-pre-wrap break-words text-xs leading-5">
          {report.error === undefined ? (
            visibleText(resultText(report))
          ) : (
            <span className="text-bad">{visibleText(report.error)}</span>
          )}
        </ScrollPre>
      )}
    </Part>
  );
}

/** What is known of a program's run at the moment: from its report once there is one, from the live thread before. */
const useCalls = (code: string, report: ProgramReport | null, isRunning: boolean) => {
  const live = useLiveValue(({ live: known }) =>
    isRunning ? known?.programs?.findLast(({ program }) => program === programKey(code)) : undefined,
  );
  return report?.calls ?? live?.calls ?? null;
};

/** The program waits for somebody: for an answer, or for leave to change and send things. */
const useIsWaiting = (isRunning: boolean): boolean =>
  useLiveValue(({ live }) => isRunning && (live?.approvals?.length ?? 0) > 0);

export interface ProgramRunProps {
  readonly code: string;
  readonly report: ProgramReport | null;
  readonly state: "running" | "done" | "failed" | "stopped";
}

/** What a program of the agent's is, each tool call as it makes it, what it printed and what came of it. */
export function ProgramRun({ code, report, state }: ProgramRunProps) {
  const isRunning = state === "running";
  const calls = useCalls(code, report, isRunning);
  const isWaiting = useIsWaiting(isRunning);
  const threadId = useLiveValue((thread) => thread.threadId);
  const saved = report?.tokensSaved;
  return (
    <div className="divide-y">
      <Program code={code} />
      {calls === null || (calls.length === 0 && !isRunning) ? null : (
        <Part
          title={programTexts.calls}
          action={isWaiting ? <span className="text-warn">{programTexts.waitsForYou}</span> : null}
        >
          {calls.length === 0 ? (
            <p className="text-compact text-ink-muted">{programTexts.noCallsYet}</p>
          ) : (
            <ProgramCalls calls={calls} isLive={isRunning} />
          )}
        </Part>
      )}
      {report === null || report.printed.length === 0 ? null : (
        <Part title={programTexts.printed}>
          <ScrollPre className="max-h-40 whitespace-pre-wrap break-words text-xs leading-5">
            {visibleText(report.printed.join("\n"))}
          </ScrollPre>
        </Part>
      )}
      {report?.decision === undefined ? null : (
        <Part title={programTexts.decision}>
          <p className="text-compact">{programTexts.decisions[report.decision]}</p>
          {report.changes === undefined ? null : <UndoChanges threadId={threadId} approvalId={report.changes} />}
        </Part>
      )}
      {report?.sent === undefined || report.sent.length === 0 ? null : (
        <Part title={programTexts.sent}>
          <SentRequests sent={report.sent} />
        </Part>
      )}
      {report?.calls.some(({ lacks }) => lacks === "trial") ? <NoTrial threadId={threadId} /> : null}
      {report === null ? null : <Outcome report={report} />}
      {report === null && state === "stopped" ? (
        <p className="px-3 py-2.5 text-compact text-ink-muted">{programTexts.stopped}</p>
      ) : null}
      {saved === undefined ? null : (
        <details className="px-3 text-ink-muted text-xs">
          <summary
            {...tooltip({ label: programTexts.tokensHow })}
            className="flex min-h-8 cursor-pointer list-none items-center gap-1.5 pointer-coarse:min-h-11"
          >
            <span className="tabular">{programTexts.took(durationText(report?.durationMs ?? 0))}</span>
            <span aria-hidden="true">·</span>
            <span className="underline underline-offset-2">{programTexts.tokens(saved)}</span>
          </summary>
          <p className="pb-2">{programTexts.tokensWhy}</p>
        </details>
      )}
    </div>
  );
}
