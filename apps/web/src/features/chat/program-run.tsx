import type { ProgramCall, ProgramReport } from "@threadbox/contracts/codemode";
import { Check, ChevronRight, CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { durationText } from "../../lib/duration.ts";
import { ScrollPre } from "../../lib/scroll-pre.tsx";
import { CopyButton, HighlightedCode, visibleText } from "../text/index.ts";
import { programTexts } from "./program-texts.ts";

/** A program of so many lines stands open; a longer one waits to be asked for. */
const openLinesMax = 12;

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="px-3 py-2.5">
      <h4 className="mb-1.5 flex min-h-6 items-center justify-between text-ink-muted text-xs">
        {title}
        {action}
      </h4>
      {children}
    </section>
  );
}

function Program({ code }: { readonly code: string }) {
  return (
    <details className="group/program px-3 py-1" open={code.split("\n").length <= openLinesMax}>
      <summary className="flex min-h-8 cursor-pointer list-none items-center gap-1.5 text-ink-muted text-xs pointer-coarse:min-h-11">
        <ChevronRight
          aria-hidden="true"
          className="size-3.5 text-ink-faint transition-transform duration-100 group-open/program:rotate-90"
        />
        <span className="flex-1">{programTexts.program}</span>
        <CopyButton label={programTexts.copyProgram} text={() => code} />
      </summary>
      <ScrollPre className="mb-1.5 max-h-80 whitespace-pre-wrap break-words text-xs leading-5">
        <code>
          <HighlightedCode code={visibleText(code)} language="js" />
        </code>
      </ScrollPre>
    </details>
  );
}

function Call({ call: { tool, durationMs, refusal } }: { readonly call: ProgramCall }) {
  return (
    <li className="py-0.5 text-xs">
      <div className="flex items-center gap-2 [&_svg]:size-3.5 [&_svg]:shrink-0">
        {refusal === undefined ? <Check className="text-good" /> : <CircleX className="text-bad" />}
        <code className="min-w-0 flex-1 truncate">{visibleText(tool)}</code>
        <span className="sr-only">{refusal === undefined ? programTexts.done : programTexts.refused}</span>
        <span className="text-ink-muted tabular">{durationText(durationMs)}</span>
      </div>
      {refusal === undefined ? null : <p className="break-words ps-5.5 text-bad">{visibleText(refusal)}</p>}
    </li>
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

/** What a program of the agent's is, each tool call it made, what it printed and what came of it. */
export function ProgramRun({ code, report }: { readonly code: string; readonly report: ProgramReport | null }) {
  return (
    <div className="divide-y">
      <Program code={code} />
      {report === null || report.calls.length === 0 ? null : (
        <Part title={programTexts.calls}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it */}
          <ol tabIndex={0} aria-label={programTexts.calls} className="relative max-h-60 overflow-auto">
            {report.calls.map((call, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: calls of a run that is over never move
              <Call key={index} call={call} />
            ))}
          </ol>
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
        </Part>
      )}
      {report === null ? null : <Outcome report={report} />}
    </div>
  );
}
