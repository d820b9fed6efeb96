import { Suspense } from "react";
import { lazyOrNothing } from "../../../lib/lazy-or-nothing.ts";
import { useLiveValue } from "../thread/live-thread-context.tsx";

const BranchVersions = lazyOrNothing(() => import("./branch-versions.tsx"));

export interface BranchPickerProps {
  readonly messageId: string;
  readonly className?: string;
}

/** Leads from one version of a message to the next; nothing where there is only one. */
export function BranchPicker({ messageId, className }: BranchPickerProps) {
  const siblings: readonly string[] | undefined = useLiveValue(
    ({ forks }) => forks.find((fork) => fork.messageId === messageId)?.siblings,
  );
  return siblings === undefined ? null : (
    <Suspense fallback={null}>
      <BranchVersions messageId={messageId} siblings={siblings} className={className} />
    </Suspense>
  );
}
