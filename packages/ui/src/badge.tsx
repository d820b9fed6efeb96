import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export type Tone = "neutral" | "accent" | "good" | "warn" | "bad";

const toneClass: Record<Tone, string> = {
  neutral: "bg-hover text-ink-muted",
  accent: "bg-accent-soft text-accent",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};

const dotClass: Record<Tone, string> = {
  neutral: "bg-ink-faint",
  accent: "bg-accent",
  good: "bg-good",
  warn: "bg-warn",
  bad: "bg-bad",
};

export interface BadgeProps {
  readonly tone?: Tone;
  readonly children: ReactNode;
}

export function Badge({ tone = "neutral", children }: BadgeProps) {
  return (
    <span
      className={classNames(
        "inline-flex h-5 items-center gap-1 rounded-sm px-1.5 font-medium text-xs tabular [&_svg]:size-3.5",
        toneClass[tone],
      )}
    >
      {children}
    </span>
  );
}

export interface DotProps {
  readonly tone?: Tone;
  /** Breathes while something runs. */
  readonly isActive?: boolean;
  /** An empty ring, for a state that nobody knows. */
  readonly isHollow?: boolean;
}

/** A coloured mark beside a word that says the same. */
export function Dot({ tone = "neutral", isActive = false, isHollow = false }: DotProps) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        "inline-block size-2 shrink-0 rounded-full",
        isHollow ? "border-[1.5px] border-ink-faint" : classNames(dotClass[tone], "forced-colors:bg-[CanvasText]"),
        isActive && "animate-breathe",
      )}
    />
  );
}
