import { classNames } from "./class-names.ts";

export interface KbdProps {
  /** Keys as one string with spaces between them, e.g. "⌘ ⇧ O". */
  readonly keys: string;
  readonly tone?: "plain" | "inverse";
}

export function Kbd({ keys, tone = "plain" }: KbdProps) {
  return (
    <kbd className="inline-flex items-center gap-0.5 font-sans pointer-coarse:hidden">
      {keys.split(" ").map((key) => (
        <span
          key={key}
          className={classNames(
            "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm px-1 text-[11px] leading-none",
            tone === "plain" ? "border bg-raised text-ink-muted" : "bg-canvas/20 text-canvas",
          )}
        >
          {key}
        </span>
      ))}
    </kbd>
  );
}
