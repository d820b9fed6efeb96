import { ScrollPre } from "../../lib/scroll-pre.tsx";
import { CopyButton } from "./copy-button.tsx";
import { HighlightedCode } from "./highlighted-code.tsx";
import { textTexts } from "./texts.ts";
import { visibleText } from "./visible-text.ts";

export interface CodeBlockProps {
  readonly code: string;
  /** As the fence names it; empty where it names none. */
  readonly language: string;
  /** The fence is still open, so more may come. */
  readonly isIncomplete: boolean;
}

/** A block of code with its language, and a button that copies it byte for byte. */
export function CodeBlock({ code, language, isIncomplete }: CodeBlockProps) {
  return (
    <figure className="group/code relative my-4 overflow-hidden rounded-lg border bg-sunken" dir="ltr">
      <figcaption className="flex h-9 items-center justify-between ps-4 pe-1.5 text-ink-muted text-xs">
        <span>{language === "" ? textTexts.plain : visibleText(language)}</span>
        <CopyButton label={textTexts.copyCode} text={() => code} />
      </figcaption>
      <ScrollPre className="px-4 pb-4 text-compact leading-5">
        <code>
          <HighlightedCode code={visibleText(code)} language={isIncomplete ? "" : language} />
        </code>
      </ScrollPre>
    </figure>
  );
}
