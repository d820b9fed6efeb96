import { IconButton } from "@threadbox/ui/button";
import { classNames } from "@threadbox/ui/class-names";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useContext } from "react";
import { branchTexts } from "../texts/branches.ts";
import { MessageControlsContext } from "./message-controls.ts";

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
  const { PreviousVersion, NextVersion } = useContext(MessageControlsContext);
  // A button is there again once it can be used.
  const receiveFocus = (button: HTMLButtonElement | null) => {
    if (focusedNext !== messageId || button === null || button.disabled) return;
    focusedNext = null;
    button.focus();
  };
  const at = siblings.indexOf(messageId);
  const passFocus = (by: -1 | 1) => () => {
    focusedNext = siblings[at + by] ?? null;
  };
  const onKeyDown = ({ key, currentTarget }: KeyboardEvent) => {
    const [previous, next] = currentTarget.querySelectorAll("button");
    if (key === "ArrowLeft") previous?.click();
    if (key === "ArrowRight") next?.click();
  };
  return (
    <div className={classNames("flex flex-wrap items-center gap-x-2 text-ink-muted text-xs", className)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        role="group"
        dir="ltr"
        aria-label={branchTexts.version(at + 1, siblings.length)}
        className="flex items-center pointer-coarse:gap-3"
        onKeyDown={onKeyDown}
      >
        <PreviousVersion messageId={messageId}>
          <IconButton
            label={branchTexts.previous}
            icon={<ChevronLeft />}
            size="sm"
            onClick={passFocus(-1)}
            ref={receiveFocus}
          />
        </PreviousVersion>
        <span className="px-0.5 tabular" aria-hidden="true">
          {at + 1}/{siblings.length}
        </span>
        <NextVersion messageId={messageId}>
          <IconButton
            label={branchTexts.next}
            icon={<ChevronRight />}
            size="sm"
            onClick={passFocus(1)}
            ref={receiveFocus}
          />
        </NextVersion>
      </div>
      <span>{branchTexts.note}</span>
    </div>
  );
}
