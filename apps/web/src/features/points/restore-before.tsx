import { IconButton } from "@threadbox/ui/button";
import { History } from "lucide-react";
import { Suspense, useMemo, useState } from "react";
import { lazyOrNothing } from "../../lib/lazy-or-nothing.ts";
import { restoreTexts as texts } from "./texts.ts";

const RestoreDialog = lazyOrNothing(() => import("./restore-dialog.tsx"));

export interface RestoreBeforeProps {
  readonly threadId: string;
  readonly messageId: string;
  readonly text: string;
  /** The message before it; null where it is the first. */
  readonly previousId: string | null;
  readonly isDisabled: boolean;
}

const aboutLengthMax = 80;

/** Offers the files as they were before a message. */
export function RestoreBefore({ threadId, messageId, text, previousId, isDisabled }: RestoreBeforeProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [hasBeen, setHasBeen] = useState(false);
  const subject = useMemo(() => ({ kind: "before", messageId }) as const, [messageId]);
  const line = text.replace(/\s+/g, " ").trim();
  const about = line.length > aboutLengthMax ? `${line.slice(0, aboutLengthMax)}…` : line;
  return (
    <>
      <IconButton
        label={texts.beforeFiles}
        icon={<History />}
        size="sm"
        disabled={isDisabled}
        aria-haspopup="dialog"
        onClick={() => {
          setHasBeen(true);
          setIsOpen(true);
        }}
      />
      {hasBeen ? (
        <Suspense fallback={null}>
          <RestoreDialog
            threadId={threadId}
            subject={subject}
            description={texts.before(about)}
            goesOnAfter={previousId}
            isOpen={isOpen}
            onClose={() => setIsOpen(false)}
          />
        </Suspense>
      ) : null}
    </>
  );
}
