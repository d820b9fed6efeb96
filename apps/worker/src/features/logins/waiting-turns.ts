import type { ThreadId } from "@threadbox/contracts/ids";
import { Context, type Effect } from "effect";
import type { LoginRefusedError } from "./errors.ts";

export interface WaitingTurnsShape {
  /** The thread's login can be used again, or the thread uses another or none. Telling it twice does no harm. */
  tell(threadId: ThreadId): Effect.Effect<void, LoginRefusedError>;
}

/** Threads whose turns wait for a login; the chat knows them. */
export class WaitingTurns extends Context.Service<WaitingTurns, WaitingTurnsShape>()(
  "threadbox/worker/logins/WaitingTurns",
) {}
