import { LoaderCircle, ShieldAlert, ShieldCheck } from "lucide-react";
import { durationText } from "../../lib/duration.ts";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { SaveRun } from "./save-run.tsx";
import { SavedProgram } from "./saved-program.tsx";
import { programsTexts as texts } from "./texts.ts";
import { type KnownPrograms, type UsePrograms, usePrograms } from "./use-programs.ts";
import { type KnownReceipt, readReceipt, type Verdict } from "./verify-receipts.ts";

const shownMax = 50;

function Chain({ verdict }: { readonly verdict: Verdict }) {
  const isWhole = verdict.kind === "whole";
  return (
    <p
      role={isWhole ? undefined : "alert"}
      className={`flex items-center gap-1.5 px-4 py-1.5 text-xs [&_svg]:size-3.5 [&_svg]:shrink-0 ${isWhole ? "text-ink-muted" : "text-bad"}`}
    >
      {isWhole ? <ShieldCheck className="text-good" /> : <ShieldAlert />}
      {verdict.kind === "whole"
        ? texts.whole(verdict.count, verdict.anchored)
        : texts.chains[verdict.kind](verdict.sequence)}
    </p>
  );
}

interface RunProps extends Pick<UsePrograms, "client" | "again"> {
  readonly receipt: KnownReceipt;
}

function Run({ receipt: { sequence, at, durationMs, calls, end, decision }, client, again }: RunProps) {
  const what = decision === undefined ? texts.ends[end] : texts.decisions[decision];
  const when = new Date(at).toLocaleString([], { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 py-1.5 text-compact">
      <div className="min-w-0 flex-1">
        <p className="truncate">{texts.run(sequence, calls)}</p>
        <p className="text-ink-muted text-xs tabular">{`${what} · ${durationText(durationMs)} · ${when}`}</p>
      </div>
      <SaveRun sequence={sequence} client={client} onSaved={again} />
    </li>
  );
}

function Known({
  threadId,
  receipts,
  snippets,
  verdict,
  client,
  again,
}: KnownPrograms & Omit<RunProps, "receipt"> & Pick<ProgramRunsProps, "threadId">) {
  const known = receipts.flatMap((receipt) => readReceipt(receipt) ?? []).reverse();
  return (
    <>
      {snippets.length === 0 ? null : (
        <section aria-label={texts.saved}>
          <h2 className="activity-day">{texts.saved}</h2>
          <ul className="divide-y">
            {snippets.map((snippet) => (
              <SavedProgram
                key={snippet.snippetId}
                threadId={threadId}
                snippet={snippet}
                client={client}
                onChanged={again}
              />
            ))}
          </ul>
        </section>
      )}
      <section aria-label={texts.runs}>
        <h2 className="activity-day">{texts.runs}</h2>
        {known.length === 0 ? (
          <p className="px-4 py-2 text-compact text-ink-muted">{texts.none}</p>
        ) : (
          <>
            <Chain verdict={verdict} />
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it */}
            <ul tabIndex={0} aria-label={texts.runs} className="focus-inset relative max-h-80 divide-y overflow-auto">
              {known.slice(0, shownMax).map((receipt) => (
                <Run key={receipt.sequence} receipt={receipt} client={client} again={again} />
              ))}
            </ul>
          </>
        )}
      </section>
    </>
  );
}

export interface ProgramRunsProps {
  readonly threadId: string;
  /** False while something else is in front. */
  readonly isShown: boolean;
}

/** What programs of the thread have done, each with a receipt that is checked here, and those that are kept to be run again. */
export default function ProgramRuns({ threadId, isShown }: ProgramRunsProps) {
  const isOnline = useOnline();
  const { state, client, again } = usePrograms(threadId, isShown && isOnline);
  if (state.kind === "known")
    return (
      <div className="border-b">
        <Known {...state.value} threadId={threadId} client={client} again={again} />
        {isOnline ? null : <OfflineNotice className="mx-3 my-2">{texts.offline}</OfflineNotice>}
      </div>
    );
  if (state.kind === "failed")
    return (
      <FailedNotice className="mx-3 my-2" again={{ label: texts.retry, run: again }}>
        {texts.failed}
      </FailedNotice>
    );
  if (!isOnline) return <OfflineNotice className="mx-3 my-2">{texts.offline}</OfflineNotice>;
  return (
    <p role="status" className="flex items-center gap-2 px-4 py-2 text-compact text-ink-muted [&_svg]:size-4">
      <LoaderCircle aria-hidden="true" className="animate-turn" />
      {texts.loading}
    </p>
  );
}
