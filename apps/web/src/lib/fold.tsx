import { classNames } from "@threadbox/ui/class-names";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

export interface FoldProps {
  /** Stands in the line that opens and closes it. */
  readonly head: ReactNode;
  /** How that line looks. */
  readonly className?: string;
  /** Whether it stands open at first. */
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}

/** A part that opens under its line. */
export function Fold({ head, className, isOpen = false, children }: FoldProps) {
  return (
    <details className="group/fold" open={isOpen}>
      <summary
        className={classNames("flex cursor-pointer list-none items-center gap-1.5 pointer-coarse:min-h-11", className)}
      >
        <ChevronRight
          aria-hidden="true"
          className="size-3.5 shrink-0 text-ink-faint transition-transform duration-100 group-open/fold:rotate-90"
        />
        {head}
      </summary>
      {children}
    </details>
  );
}
