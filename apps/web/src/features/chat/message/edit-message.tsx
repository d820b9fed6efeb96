import { Button } from "@threadbox/ui/button";
import { useEffect, useRef, useState } from "react";
import { isComposing } from "../../../lib/is-composing.ts";
import { attachedIn } from "../../attachments/index.ts";
import { liveTexts } from "../texts/live.ts";
import { textOf } from "../thread/message-view.ts";
import { useTranscriptView } from "../thread/transcript-view.ts";
import type { EditMessageProps } from "./editor-context.ts";

/** Writes another version of a message that was sent; the hint says beforehand what that does not undo. */
export function EditMessage({ message, onDone }: EditMessageProps) {
  const [value, setValue] = useState(() => textOf(message));
  const filesCount = attachedIn(message.parts).length;
  const field = useRef<HTMLTextAreaElement>(null);
  const { stopFollowing } = useTranscriptView();
  useEffect(() => {
    const element = field.current;
    stopFollowing();
    element?.focus({ preventScroll: true });
    element?.setSelectionRange(element.value.length, element.value.length);
    element?.scrollIntoView({ block: "center" });
  }, [stopFollowing]);
  const isEmpty = value.trim() === "" && filesCount === 0;
  const submit = () => (isEmpty ? undefined : onDone(value));
  return (
    <div className="rounded-xl border bg-raised p-3 focus-within:border-accent">
      <textarea
        ref={field}
        aria-label={liveTexts.edit}
        dir="auto"
        value={value}
        rows={2}
        className="field-sizing-content max-h-80 w-full resize-none bg-transparent text-base leading-6 outline-none"
        onChange={({ currentTarget }) => setValue(currentTarget.value)}
        onKeyDown={(event) => {
          if (isComposing(event.nativeEvent)) return;
          if (event.key === "Escape") onDone(null);
          else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <span className="me-auto text-ink-muted text-xs">{liveTexts.editNote(filesCount)}</span>
        <Button size="sm" onClick={() => onDone(null)}>
          {liveTexts.cancel}
        </Button>
        <Button size="sm" tone="accent" disabled={isEmpty} onClick={submit}>
          {liveTexts.resend}
        </Button>
      </div>
    </div>
  );
}
