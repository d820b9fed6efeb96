import type { ReactNode } from "react";
import type { Tone } from "./badge.tsx";
import { classNames } from "./class-names.ts";

const toneClass: Record<Tone, string> = {
  neutral: "border-line bg-panel [&_svg]:text-ink-muted",
  accent: "border-accent/25 bg-accent-soft [&_svg]:text-accent",
  good: "border-good/25 bg-good-soft [&_svg]:text-good",
  warn: "border-warn/25 bg-warn-soft [&_svg]:text-warn",
  bad: "border-bad/25 bg-bad-soft [&_svg]:text-bad",
};

export interface NoticeProps {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  /** Buttons at the end of the line, or below it where the line is narrow. */
  readonly actions?: ReactNode;
  /** `alert` interrupts a screen reader, `status` waits for a pause. */
  readonly role?: "alert" | "status";
  readonly className?: string;
}

/** One sentence about the state of what is beside it, with its action. */
export function Notice({ tone = "neutral", icon, children, actions, role, className }: NoticeProps) {
  return (
    <div
      role={role}
      className={classNames(
        "flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border px-3 py-2 text-ink text-sm [&_svg]:size-4 [&_svg]:shrink-0",
        toneClass[tone],
        className,
      )}
    >
      {icon}
      <div className="min-w-0 flex-1 basis-48">{children}</div>
      {actions === undefined ? null : <div className="flex shrink-0 items-center gap-2">{actions}</div>}
    </div>
  );
}
