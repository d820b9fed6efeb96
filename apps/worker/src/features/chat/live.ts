import type { ModelRetry, ThreadLive, TurnStep } from "@threadbox/contracts/live";
import type { TurnRecord } from "./turn-record.ts";

export const idleLive: ThreadLive = { activity: "idle", turn: null, queued: [] };

/** What a running turn shows beside its message. */
export interface Showing {
  readonly step: TurnStep;
  readonly since: number;
  readonly retry: ModelRetry | null;
}

export const liveOf = (
  last: TurnRecord | null,
  running: TurnRecord | null,
  queued: readonly TurnRecord[],
  showing: Showing,
): ThreadLive => ({
  activity: last?.state ?? (queued.length > 0 ? "queued" : "idle"),
  turn:
    running === null
      ? null
      : {
          turnId: running.turnId,
          userMessageId: running.userMessageId,
          messageId: running.answerId,
          startedAt: running.startedAt ?? running.createdAt,
          step: showing.step,
          stepSince: showing.since,
          ...(showing.retry === null ? {} : { retry: showing.retry }),
        },
  queued: queued.map(({ userMessageId, text, createdAt }) => ({ messageId: userMessageId, text, since: createdAt })),
});
