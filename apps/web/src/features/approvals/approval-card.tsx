import type { PendingApproval, ProgramApproval } from "@threadbox/contracts/program-approval";
import { Button } from "@threadbox/ui/button";
import { Fold } from "../../lib/fold.tsx";
import { ScrollPre } from "../../lib/scroll-pre.tsx";
import { useOnline } from "../../lib/use-online.ts";
import { HighlightedCode, visibleText } from "../text/index.ts";
import { AskingCard } from "./asking-card.tsx";
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
      <Fold head={texts.program} className="min-h-8 px-3 text-ink-muted text-xs">
        <ScrollPre className="max-h-80 whitespace-pre-wrap break-words px-3 pb-2 text-xs leading-5">
          <code>
            <HighlightedCode code={visibleText(program)} language="js" />
          </code>
        </ScrollPre>
      </Fold>
    </section>
  );
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
  const { asked, decision, failure, decide } = useApproval(threadId, approvalId, isOnline);
  const known = asked.state.kind === "known" ? asked.state.value : null;
  const [files, requests] = [known?.changes.length ?? 0, known?.requests.length ?? 0];
  return (
    <AskingCard
      title={known === null ? texts.unknown : texts.title(files, requests)}
      lead={known === null ? null : texts.lead(files, requests)}
      until={until}
      texts={texts}
      asked={asked}
      body={(approval) => <Effects approval={approval} />}
      isOnline={isOnline}
      failure={failure}
    >
      <Answers
        decision={decision}
        decide={decide}
        isOnline={isOnline}
        isReady={isOnline && known !== null}
        mayAlways={known !== null && requests === 0}
      />
    </AskingCard>
  );
}
