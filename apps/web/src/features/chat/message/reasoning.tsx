import { ChevronRight } from "lucide-react";
import { AnswerText } from "../../text/index.ts";
import { chatTexts } from "../texts/conversation.ts";

/** What the model thought; closed, as most readers want the answer. */
export function Reasoning({ text }: { readonly text: string }) {
  if (text.trim() === "") return null;
  return (
    <details className="group/fold text-sm leading-6">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-1.5 rounded-md text-ink-muted hover:text-ink pointer-coarse:min-h-11">
        <ChevronRight
          aria-hidden="true"
          className="size-4 transition-transform duration-100 group-open/fold:rotate-90"
        />
        {chatTexts.reasoning}
      </summary>
      <div className="mt-2 ms-2 border-s ps-4 text-ink-muted">
        <AnswerText text={text} isStreaming={false} />
      </div>
    </details>
  );
}
