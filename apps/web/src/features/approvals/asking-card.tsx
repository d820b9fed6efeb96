import { Skeleton } from "@threadbox/ui/skeleton";
import { type ReactNode, useId } from "react";
import { durationText } from "../../lib/duration.ts";
import { FailedNotice, OfflineNotice } from "../../lib/notices.tsx";
import type { UseLook } from "../../lib/use-look.ts";
import { useNow } from "../../lib/use-now.ts";
import { approvalTexts } from "./texts.ts";

export interface AskingCardProps<A> {
  readonly title: string;
  /** Under the title; null: nothing is. */
  readonly lead: string | null;
  /** When the time to answer is over, in milliseconds since 1970. */
  readonly until: number;
  readonly texts: {
    readonly until: (left: string) => string;
    readonly loading: string;
    readonly failed: string;
    readonly offline: string;
  };
  readonly asked: UseLook<A>;
  /** What is asked, once it is known. */
  readonly body: (asked: A) => ReactNode;
  readonly isOnline: boolean;
  /** Why the answer didn't get through. */
  readonly failure: string | null;
  /** The answers. */
  readonly children: ReactNode;
}

/** The frame of what a program asks while it waits: how long it still does, what it asks, the answers. */
export function AskingCard<A>(props: AskingCardProps<A>) {
  const { title, lead, until, texts, asked, body, isOnline, failure, children } = props;
  const { state, again } = asked;
  const headingId = useId();
  const left = Math.max(0, until - useNow(1_000));
  return (
    <section
      aria-labelledby={headingId}
      className="relative mb-3 overflow-hidden rounded-xl border border-warn/40 bg-raised text-compact"
    >
      <div className="px-3 py-2">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <h2 id={headingId} className="flex-1 basis-48 font-medium">
            {title}
          </h2>
          <span className="text-ink-muted text-xs tabular">{texts.until(durationText(left))}</span>
        </div>
        {lead === null ? null : <p className="text-ink-muted text-xs">{lead}</p>}
      </div>
      {state.kind === "known" ? body(state.value) : null}
      {state.kind === "failed" ? (
        <FailedNotice className="mx-3 mb-2" again={{ label: approvalTexts.retry, run: again }}>
          {texts.failed}
        </FailedNotice>
      ) : null}
      {state.kind === "looking" && isOnline ? (
        <div role="status" aria-label={texts.loading} className="px-3 pb-2">
          <Skeleton className="h-16 w-full" radius="lg" />
        </div>
      ) : null}
      {failure === null ? null : <FailedNotice className="mx-3 mt-2">{failure}</FailedNotice>}
      {isOnline ? null : <OfflineNotice className="mx-3 my-2">{texts.offline}</OfflineNotice>}
      {children}
    </section>
  );
}
