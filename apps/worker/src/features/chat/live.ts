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
  activity: running?.loginSince === undefined ? (last?.state ?? (queued.length > 0 ? "queued" : "idle")) : "waiting",
  turn:
    running === null
      ? null
      : {
          turnId: running.turnId,
          userMessageId: running.userMessageId,
          messageId: running.answerId,
          startedAt: running.startedAt ?? running.createdAt,
          ...(running.loginSince === undefined
            ? { step: showing.step, stepSince: showing.since }
            : { step: "login", stepSince: running.loginSince }),
          ...(showing.retry === null ? {} : { retry: showing.retry }),
        },
  queued: queued.map(({ userMessageId, text, attachments, createdAt }) => ({
    messageId: userMessageId,
    text,
    since: createdAt,
    ...(attachments === undefined ? {} : { attachments }),
  })),
});
