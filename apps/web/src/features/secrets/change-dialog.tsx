import { Button } from "@threadbox/ui/button";
import { Dialog } from "@threadbox/ui/dialog";
import { Notice } from "@threadbox/ui/notice";
import { CircleAlert } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { InView } from "../../lib/in-view.tsx";
import { useLoginSession } from "../auth/index.ts";
import { asWireFailure, type WireFailure } from "../errors/index.ts";
import { failureText } from "./failure-text.ts";
import { secretTexts } from "./texts.ts";

/** How a question about a change is shown. Closing it keeps it drawn until it has faded. */
export interface QuestionProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export interface ChangeDialogProps extends QuestionProps {
  readonly title: string;
  readonly description: string;
  /** On the button that makes the change. */
  readonly verb: string;
  readonly isDangerous?: boolean;
  /** The change has been made, and there is nothing left to cancel. */
  readonly isOver?: boolean;
  readonly children: ReactNode;
  /** What was filled in, by the fields' names. Resolves to false where the question goes on. Rejects with a `WireFailure`. */
  readonly onSubmit: (fields: FormData) => Promise<unknown>;
}

/** A question about one change. It stays open, with what was filled in, while the change has not been made. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { title, description, verb, isDangerous = false, isOver = false, children, onSubmit, isOpen, onClose } = props;
  const { signIn } = useLoginSession();
  const form = useId();
  const first = useRef<HTMLElement>(null);
  const [failure, setFailure] = useState<WireFailure | null>(null);
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      if ((await onSubmit(fields)) === false) setBusy(false);
      else onClose();
    } catch (error) {
      setFailure(asWireFailure(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(isWanted) => {
        if (!isWanted) onClose();
      }}
      initialFocus={first}
      title={title}
      description={description}
      actions={
        <>
          {isOver ? null : <Button onClick={onClose}>{secretTexts.cancel}</Button>}
          <Button type="submit" form={form} tone={isDangerous ? "bad" : "accent"} disabled={isBusy}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        ref={(element) => {
          first.current = element?.querySelector("input") ?? null;
        }}
        id={form}
        className="secrets-fields"
        autoComplete="off"
        onSubmit={(event) => void submit(event)}
      >
        {children}
        {failure === null ? null : (
          <InView>
            <Notice
              tone="bad"
              role="alert"
              icon={<CircleAlert />}
              actions={
                failure.tag === "ReauthRequired" ? (
                  <Button size="sm" onClick={() => void signIn("/admin").catch(() => undefined)}>
                    {secretTexts.signInAgain}
                  </Button>
                ) : null
              }
            >
              {failureText(failure)}
            </Notice>
          </InView>
        )}
      </form>
    </Dialog>
  );
}
