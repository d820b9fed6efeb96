import { type ComponentType, useEffect, useState } from "react";
import { Button } from "./button.tsx";

interface MissingProps {
  readonly onClose: () => void;
}

const show = (dialog: HTMLDialogElement | null): void => dialog?.showModal();

/** Stands in place of what could not be fetched; the browser's own dialog needs no code. */
function Missing({ onClose }: MissingProps) {
  return (
    <dialog
      ref={show}
      onClose={onClose}
      // Its Esc is its own.
      onKeyDown={(event) => event.stopPropagation()}
      className="m-auto max-w-xs rounded-xl border bg-raised p-5 text-ink text-sm shadow-overlay"
    >
      <form method="dialog" className="grid gap-4">
        <p>Couldn’t load this. Try again when you’re back online.</p>
        <Button type="submit">Close</Button>
      </form>
    </dialog>
  );
}

interface LaterPart<Props> {
  readonly load: () => Promise<{ readonly default: ComponentType<Props> }>;
  here: ComponentType<Props> | null;
}

/** A part of the page whose code is fetched when it is wanted. */
export const laterPart = <Props,>(load: LaterPart<Props>["load"]): LaterPart<Props> => ({ load, here: null });

interface LaterProps<Props> extends MissingProps {
  readonly part: LaterPart<Props>;
  readonly isWanted: boolean;
  /** What the part is given once it is here. */
  readonly props: Props;
}

/** Draws such a part. Where its code is out of reach a sentence says so, and it is fetched anew when next wanted. */
export function Later<Props extends object>({ part, isWanted, onClose, props }: LaterProps<Props>) {
  const [outcome, setOutcome] = useState<"here" | "missing" | null>(null);
  useEffect(() => {
    if (!isWanted || part.here !== null) return;
    part
      .load()
      .then((module) => {
        part.here = module.default;
        setOutcome("here");
      })
      .catch(() => setOutcome("missing"));
    return () => setOutcome(null);
  }, [part, isWanted]);
  const Part = part.here;
  if (Part !== null) return <Part {...props} />;
  return isWanted && outcome === "missing" ? <Missing onClose={onClose} /> : null;
}
