import type { ThreadId } from "@threadbox/contracts/ids";
import type { ThreadLive } from "@threadbox/contracts/live";
import type { ModelDescription } from "@threadbox/contracts/model";
import type { PendingApproval } from "@threadbox/contracts/program-approval";
import type { UIMessage } from "ai";
import type { Effect } from "effect";
import type { Logins } from "../logins/index.ts";
import type { ReadyOpenCode } from "../opencode/index.ts";
import type { Sandboxes, SandboxFiles } from "../sandbox/index.ts";
import type { TranscriptHost } from "./thread-transcript.ts";

/** What the turn queue needs of the agent it works for. */
export interface TurnQueueHost extends TranscriptHost {
  readonly threadId: () => ThreadId;
  readonly now: () => number;
  readonly newId: () => string;
  readonly model: () => Promise<ModelDescription>;
  /** The thread's login has to be connected again; whoever is told so is told of its next change. */
  readonly isSignedOut: () => Promise<boolean>;
  /** The thread's OpenCode, where it was made ready for the next turn. */
  readonly takeReady: () => ReadyOpenCode | null;
  readonly run: <A>(effect: Effect.Effect<A, never, Sandboxes | SandboxFiles | Logins>) => Promise<A>;
  /**
   * Lets the SDK stream the answer to this message to every client; `answer` is called for it. Ends when the stream has
   * ended.
   */
  readonly stream: (asked: UIMessage) => Promise<void>;
  readonly publish: (live: ThreadLive) => void;
  /** Nobody waits for these any more. */
  readonly withdraw: (approvals: readonly PendingApproval[]) => void;
  /** Something is owed to Convex, or to be looked after later. */
  readonly stirred: () => void;
}
