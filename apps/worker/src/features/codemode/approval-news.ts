import type { ThreadId } from "@threadbox/contracts/ids";
import type { PendingApproval } from "@threadbox/contracts/program-approval";
import { Context, type Effect } from "effect";
import type { RefusedError } from "../../http/failure.ts";

/** What waits for a person in a thread; a higher revision is newer. */
export interface PendingNews {
  readonly revision: number;
  readonly pending: readonly PendingApproval[];
}

export interface ApprovalNewsShape {
  /** Telling it twice does no harm. */
  tell(threadId: ThreadId, news: PendingNews): Effect.Effect<void, RefusedError>;
}

/** Threads whose programs wait for a person; the chat shows them. */
export class ApprovalNews extends Context.Service<ApprovalNews, ApprovalNewsShape>()(
  "threadbox/worker/codemode/ApprovalNews",
) {}
