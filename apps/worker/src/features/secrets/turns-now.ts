import type { MessageId, ThreadId } from "@threadbox/contracts/ids";
import { Context, type Effect } from "effect";

/** What a thread is doing: the message that is being answered, and the tool calls that run in it. */
export interface TurnNow {
  readonly messageId: MessageId;
  readonly calls: readonly { readonly id: string; readonly tool: string }[];
}

/** What threads are doing at this moment. `runtime.ts` supplies it. */
export class TurnsNow extends Context.Service<
  TurnsNow,
  {
    /** Null: no turn runs, or nobody can say. */
    readonly of: (threadId: ThreadId) => Effect.Effect<TurnNow | null>;
  }
>()("threadbox/worker/secrets/TurnsNow") {}
