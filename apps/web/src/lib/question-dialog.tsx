import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { AskingButton } from "./asking-button.tsx";
import { InView } from "./in-view.tsx";

export interface QuestionDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description: string;
  readonly verb: string;
  readonly cancel: string;
  readonly tone?: "accent" | "bad";
  readonly children?: ReactNode;
  /** Does it with what was filled in; answers with why it wasn't done, as it is shown, or with null. */
  readonly onSubmit: (fields: FormData) => Promise<ReactNode>;
}

/** A question with a form. It stays open, with what was filled in, until it is done; then nothing of that is kept. */
export function QuestionDialog(props: QuestionDialogProps) {
  const { isOpen, onClose, title, description, verb, cancel, tone = "accent", children, onSubmit } = props;
  const form = useId();
  const first = useRef<HTMLElement>(null);
  const cancelling = useRef<HTMLButtonElement>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [failure, setFailure] = useState<ReactNode>(null);
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
      initialFocus={children === undefined ? cancelling : first}
      title={title}
      description={description}
      actions={
        <>
          <Button ref={cancelling} onClick={onClose}>
            {cancel}
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
        {failure === null ? null : <InView>{failure}</InView>}
      </form>
    </Dialog>
  );
}
