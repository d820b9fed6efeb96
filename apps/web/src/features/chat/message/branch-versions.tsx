import { IconButton } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { branchTexts } from "../texts/branches.ts";
import { useLiveCommands, useLiveValue } from "../thread/live-thread-context.tsx";

/** The message whose picker takes the focus when it is on the page: it stands where the one stood that was used. */
let focusedNext: string | null = null;

export interface BranchVersionsProps {
  readonly messageId: string;
  /** All versions, this one among them, oldest first. */
  readonly siblings: readonly string[];
  readonly className?: string | undefined;
}

/** Leads from one version of a message to the next. */
export default function BranchVersions({ messageId, siblings, className }: BranchVersionsProps) {
  const canSelect = useLiveValue(
    ({ isBusy, isConnected, live }) => !isBusy && isConnected && live?.queued.length === 0,
  );
  const commands = useLiveCommands();
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focusedNext !== messageId) return;
    focusedNext = null;
    group.current?.querySelector<HTMLElement>("button:enabled")?.focus();
  }, [messageId]);
  const at = siblings.indexOf(messageId);
  const step = (by: -1 | 1) => {
    const next = siblings[at + by];
    if (next === undefined || !canSelect) return;
    focusedNext = next;
    commands().select(next);
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === "ArrowLeft") step(-1);
    if (key === "ArrowRight") step(1);
  };
  return (
    <div className={classNames("flex flex-wrap items-center gap-x-2 text-ink-muted text-xs", className)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        ref={group}
        role="group"
        dir="ltr"
        aria-label={branchTexts.version(at + 1, siblings.length)}
        className="flex items-center pointer-coarse:gap-3"
        onKeyDown={onKeyDown}
      >
        <IconButton
          label={branchTexts.previous}
          icon={<ChevronLeft />}
          size="sm"
          disabled={!canSelect || at === 0}
          onClick={() => step(-1)}
        />
        <span className="px-0.5 tabular" aria-hidden="true">
          {at + 1}/{siblings.length}
        </span>
        <IconButton
          label={branchTexts.next}
          icon={<ChevronRight />}
          size="sm"
          disabled={!canSelect || at === siblings.length - 1}
          onClick={() => step(1)}
        />
      </div>
      <span>{branchTexts.note}</span>
    </div>
  );
}
