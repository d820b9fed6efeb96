import type { PendingApproval, ProgramApproval } from "@threadbox/contracts/program-approval";
import { Button } from "@threadbox/ui/button";
import { Skeleton } from "@threadbox/ui/skeleton";
import { ChevronRight } from "lucide-react";
import { useId } from "react";
import { durationText } from "../../lib/duration.ts";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import { ScrollPre } from "../../lib/scroll-pre.tsx";
import { useNow } from "../../lib/use-now.ts";
import { useOnline } from "../../lib/use-online.ts";
import { HighlightedCode, visibleText } from "../text/index.ts";
import { ChangedFile } from "./changed-file.tsx";
import { approvalTexts as texts } from "./texts.ts";
import { type UseApproval, useApproval } from "./use-approval.ts";
import { WantedRequest } from "./wanted-request.tsx";

/** So many files and requests stand open at first. */
const openMax = 3;

function Effects({ approval: { program, changes, requests } }: { readonly approval: ProgramApproval }) {
  const isOpen = changes.length + requests.length <= openMax;
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it
      tabIndex={0}
      aria-label={texts.effects}
      className="focus-inset relative max-h-[40dvh] divide-y overflow-auto border-y"
    >
      {requests.map((request, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is asked never changes
        <WantedRequest key={index} request={request} isOpen={isOpen} />
      ))}
      {changes.map((change) => (
        <ChangedFile key={change.path} change={change} isOpen={isOpen} />
      ))}
      <details className="group/fold">
        <summary className="flex min-h-8 cursor-pointer list-none items-center gap-1.5 px-3 text-ink-muted text-xs pointer-coarse:min-h-11">
          <ChevronRight
            aria-hidden="true"
            className="size-3.5 text-ink-faint transition-transform duration-100 group-open/fold:rotate-90"
          />
          {texts.program}
        </summary>
        <ScrollPre className="max-h-80 whitespace-pre-wrap break-words px-3 pb-2 text-xs leading-5">
          <code>
            <HighlightedCode code={visibleText(program)} language="js" />
          </code>
        </ScrollPre>
      </details>
    </section>
  );
}

function Body({ view, look }: Pick<UseApproval, "view" | "look">) {
  const isOnline = useOnline();
  if (view.kind === "known") return <Effects approval={view.approval} />;
  if (view.kind === "failed")
    return (
      <FailedNotice className="mx-3 mb-2" again={{ label: texts.retry, run: look }}>
        {texts.failed}
      </FailedNotice>
    );
  return isOnline ? (
    <div role="status" aria-label={texts.loading} className="px-3 pb-2">
      <Skeleton className="h-16 w-full" radius="lg" />
    </div>
  ) : null;
}

/**
 * The safe answer comes first for the keyboard, and nothing is focused before a person does it. What can't be shown can only
 * be denied.
 */
function Answers({
  decision,
  decide,
  isOnline,
  isReady,
  mayAlways,
}: Pick<UseApproval, "decision" | "decide"> & {
  readonly isOnline: boolean;
  readonly isReady: boolean;
  /** Requests are asked about each time. */
  readonly mayAlways: boolean;
}) {
  const isBusy = decision !== null;
  return (
    <div className="flex flex-wrap items-center gap-2 px-3 py-2">
      <Button size="sm" disabled={isBusy || !isOnline} onClick={() => void decide("deny")}>
        {texts.deny}
      </Button>
      <span className="flex-1" />
      {mayAlways ? (
        <Button size="sm" tone="quiet" disabled={isBusy || !isReady} onClick={() => void decide("always")}>
          {texts.always}
        </Button>
      ) : null}
      <Button size="sm" tone="accent" disabled={isBusy || !isReady} onClick={() => void decide("once")}>
        {texts.allow}
      </Button>
    </div>
  );
}

export interface ApprovalCardProps {
  readonly threadId: string;
  readonly pending: PendingApproval;
}

/** What one program would change, until somebody says whether it may. */
export function ApprovalCard({ threadId, pending: { approvalId, until } }: ApprovalCardProps) {
  const isOnline = useOnline();
  const headingId = useId();
  const { view, look, decision, failure, decide } = useApproval(threadId, approvalId, isOnline);
  const left = Math.max(0, until - useNow(1_000));
  const [files, requests] =
    view.kind === "known" ? [view.approval.changes.length, view.approval.requests.length] : [0, 0];
  const title = view.kind === "known" ? texts.title(files, requests) : texts.unknown;
  return (
    <section
      aria-labelledby={headingId}
      className="relative mb-3 overflow-hidden rounded-xl border border-warn/40 bg-raised text-compact"
    >
      <div className="px-3 py-2">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <h2 id={headingId} className="flex-1 basis-48 font-medium">
            {title}
          </h2>
          <span className="text-ink-muted text-xs tabular">{texts.until(durationText(left))}</span>
        </div>
        <p className="text-ink-muted text-xs">{texts.lead(files, requests)}</p>
      </div>
      <Body view={view} look={look} />
      {failure === null ? null : <FailedNotice className="mx-3 mt-2">{failure}</FailedNotice>}
      {isOnline ? null : <OfflineNotice className="mx-3 mt-2">{texts.offline}</OfflineNotice>}
      <Answers
        decision={decision}
        decide={decide}
        isOnline={isOnline}
        isReady={isOnline && view.kind === "known"}
        mayAlways={requests === 0}
      />
    </section>
  );
}
