import type { ThreadId } from "@threadbox/contracts/ids";
import type { LiveProgram } from "@threadbox/contracts/live";
import { Context, type Effect } from "effect";
import type { RefusedError } from "../../http/failure.ts";

export interface ProgramNewsShape {
  /** How far a program has come; a later word takes the place of one before. */
  tell(threadId: ThreadId, program: LiveProgram): Effect.Effect<void, RefusedError>;
  /** Resolves once somebody stops the turn that runs in the thread. */
  stopped(threadId: ThreadId): Effect.Effect<void>;
}

/** The threads in whose turns programs run; the chat shows them, and knows when somebody has had enough. */
export class ProgramNews extends Context.Service<ProgramNews, ProgramNewsShape>()(
  "threadbox/worker/codemode/ProgramNews",
) {}
