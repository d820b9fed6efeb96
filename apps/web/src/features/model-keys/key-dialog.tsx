import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { AskingButton } from "../../lib/asking-button.tsx";
import { FailedNotice } from "../../lib/notices.tsx";
import type { WireFailure } from "../errors/index.ts";
import { failureText } from "./failure-text.ts";
import { modelKeyTexts as texts } from "./texts.ts";

export interface KeyDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description: string;
  readonly verb: string;
  readonly tone?: "accent" | "bad";
  readonly children?: ReactNode;
  /** Does it with what was filled in; answers with why it wasn't done. */
  readonly onSubmit: (fields: FormData) => Promise<WireFailure | null>;
}

/** A question about a key. It stays open, with what was filled in, until it is done; then nothing of that is kept. */
export function KeyDialog(props: KeyDialogProps) {
  const { isOpen, onClose, title, description, verb, tone = "accent", children, onSubmit } = props;
  const form = useId();
  const first = useRef<HTMLElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    setIsAsking(true);
    setFailure(null);
    const refusal = await onSubmit(new FormData(element));
    setIsAsking(false);
    setFailure(refusal);
    if (refusal !== null) return;
    element.reset();
    onClose();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(isWanted) => {
        if (!isWanted) onClose();
      }}
      initialFocus={children === undefined ? cancel : first}
      title={title}
      description={description}
      actions={
        <>
          <Button ref={cancel} onClick={onClose}>
            {texts.cancel}
          </Button>
          <AskingButton type="submit" form={form} tone={tone} isAsking={isAsking}>
            {verb}
          </AskingButton>
        </>
      }
    >
      <form
        ref={(element) => {
          first.current = element?.querySelector("input") ?? null;
        }}
        id={form}
        className="grid gap-4"
        autoComplete="off"
        onSubmit={(event) => void submit(event)}
      >
        {children}
        {failure === null ? null : <FailedNotice>{failureText(failure)}</FailedNotice>}
      </form>
    </Dialog>
  );
}
