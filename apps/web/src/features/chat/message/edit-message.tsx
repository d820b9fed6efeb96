import { ComposerPrimitive, useAui } from "@assistant-ui/react";
import { Button } from "@threadbox/ui/button";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { isComposing } from "../../../lib/is-composing.ts";
import { liveTexts } from "../texts/live.ts";
import { useTranscriptView } from "../thread/transcript-view.ts";

export interface EditMessageProps {
  /** How many files the message has; another version keeps them. */
  readonly filesCount: number;
}

/** Writes another version of the message at hand; the hint says beforehand what that does not undo. */
export function EditMessage({ filesCount }: EditMessageProps) {
  const aui = useAui();
  const field = useRef<HTMLTextAreaElement>(null);
  const { stopFollowing } = useTranscriptView();
  useEffect(() => {
    const element = field.current;
    stopFollowing();
    element?.focus({ preventScroll: true });
    element?.setSelectionRange(element.value.length, element.value.length);
    element?.scrollIntoView({ block: "center" });
  }, [stopFollowing]);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Escape") aui.composer.cancel();
    else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) event.currentTarget.form?.requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <ComposerPrimitive.Root className="rounded-xl border bg-raised p-3 focus-within:border-accent">
      <ComposerPrimitive.Input
        asChild
        ref={field}
        // Its own keys know nothing of Safari's way to end a composition.
        submitMode="none"
        cancelOnEscape={false}
        addAttachmentOnPaste={false}
        onKeyDown={onKeyDown}
      >
        <textarea
          aria-label={liveTexts.edit}
          dir="auto"
          rows={2}
          className="field-sizing-content max-h-80 w-full resize-none bg-transparent text-base leading-6 outline-none"
        />
      </ComposerPrimitive.Input>
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <span className="me-auto text-ink-muted text-xs">{liveTexts.editNote(filesCount)}</span>
        <ComposerPrimitive.Cancel asChild>
          <Button size="sm">{liveTexts.cancel}</Button>
        </ComposerPrimitive.Cancel>
        <ComposerPrimitive.Send asChild>
          <Button size="sm" tone="accent">
            {liveTexts.resend}
          </Button>
        </ComposerPrimitive.Send>
      </div>
    </ComposerPrimitive.Root>
  );
}
