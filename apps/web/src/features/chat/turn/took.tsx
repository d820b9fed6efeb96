import type { ReactNode } from "react";
import { turnTexts } from "../texts/conversation.ts";

export interface TookProps {
  readonly took: string;
  /** What stands before it in the same line. */
  readonly children?: ReactNode;
}

/** How long an answer took. */
export function Took({ took, children }: TookProps) {
  return (
    <span className="ms-2 text-ink-muted text-xs tabular">
      {children}
      <span className="sr-only">{turnTexts.took}</span>
      <bdi>{took}</bdi>
    </span>
  );
}
