import { Button } from "@threadbox/ui/button";
import { Skeleton } from "@threadbox/ui/skeleton";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import type { WireFailure } from "../errors/index.ts";

interface OwnedListProps {
  /** Why it couldn't be asked for. */
  readonly failure: WireFailure | null;
  readonly lookAgain: () => void;
  readonly isOnline: boolean;
  readonly texts: Readonly<
    Record<"lead" | "list" | "loading" | "retry" | "unknown" | "offline" | "full" | "add", string> & { empty?: string }
  >;
  readonly failureText: (failure: WireFailure) => string;
  /** Somebody has answered. */
  readonly isKnown: boolean;
  /** There are as many as there may be. */
  readonly isFull: boolean;
  readonly onAdd: () => void;
  /** A row each. */
  readonly children: readonly ReactNode[];
}

/** A list of the user's own in the settings, however it stands with it, and the button that adds to it. */
export function OwnedList(props: OwnedListProps) {
  const { texts, failure, failureText, lookAgain, isOnline, isKnown, isFull, onAdd, children } = props;
  return (
    <>
      <p className="px-4 py-4 text-compact text-ink-muted">{texts.lead}</p>
      {children.length === 0 ? null : (
        <ul aria-label={texts.list} className="divide-y">
          {children}
        </ul>
      )}
      {!isKnown && failure === null && isOnline ? (
        <div role="status" className="px-4 py-4">
          <span className="sr-only">{texts.loading}</span>
          <Skeleton className="h-4 w-40" />
        </div>
      ) : null}
      {isKnown && children.length === 0 && texts.empty !== undefined ? (
        <p className="px-4 py-4 font-medium">{texts.empty}</p>
      ) : null}
      {failure !== null && isOnline ? (
        <div className="px-4 py-3">
          <FailedNotice again={{ label: texts.retry, run: lookAgain }}>
            {isKnown ? failureText(failure) : texts.unknown}
          </FailedNotice>
        </div>
      ) : null}
      {isOnline ? null : (
        <div className="px-4 py-3">
          <OfflineNotice>{texts.offline}</OfflineNotice>
        </div>
      )}
      <div className="px-4 py-4">
        {isFull ? (
          <p className="text-compact text-ink-muted">{texts.full}</p>
        ) : (
          <Button disabled={!isOnline || !isKnown} onClick={onAdd}>
            <Plus /> {texts.add}
          </Button>
        )}
      </div>
    </>
  );
}
