import type { ThreadId, UserId } from "./ids.ts";
import type { JournalRow } from "./journal.ts";
import type { SandboxProjection } from "./sandbox.ts";
import type { MessageSelection, ProjectedMessage, ThreadActivity } from "./thread.ts";

/** Row number of a thread's outbox: what is not newer than the last applied row is a repeat. */
interface Numbered {
  readonly sequence?: number;
}

/** What the worker asks of Convex as a service, by the function's path. */
export interface ServiceQueries {
  "threads:access": {
    readonly args: { readonly threadId: ThreadId; readonly userId?: UserId | undefined };
    /** Null for a thread that is missing, deleted or, with `userId`, another's. */
    readonly result: {
      readonly threadId: string;
      readonly ownerId: string;
      readonly title: string;
      readonly isArchived: boolean;
      /** Neither the owner nor the thread has OpenCode's own page turned off. */
      readonly hasOpenCode: boolean;
    } | null;
  };
  /** Threads and messages of whoever owns that thread, 20 of each at most. */
  "threads:searchBeside": {
    readonly args: { readonly threadId: ThreadId; readonly text: string };
    readonly result: {
      readonly threads: readonly { readonly threadId: string; readonly title: string; readonly isArchived: boolean }[];
      readonly messages: readonly {
        readonly threadId: string;
        readonly title: string;
        readonly role: "user" | "assistant";
        readonly text: string;
        readonly createdAt: number;
      }[];
      readonly isPartial: boolean;
    };
  };
  /** The thread that another program calls so; null where there is none, or it is deleted. */
  "threads:named": {
    readonly args: { readonly sandboxId: string };
    readonly result: { readonly threadId: string; readonly ownerId: string } | null;
  };
  /** Threads whose sandboxes run, as far as Convex has heard: 200 at most. */
  "sandboxes:running": { readonly args: Readonly<Record<never, never>>; readonly result: readonly ThreadId[] };
}

/** What the worker tells Convex as a service; each is idempotent and answers whether it changed anything. */
export interface ServiceMutations {
  "threads:setActivity": {
    readonly threadId: ThreadId;
    readonly activity: ThreadActivity;
    /** Milliseconds since 1970; an older report is ignored. */
    readonly since: number;
    readonly turnId?: string;
    readonly modelLabel?: string;
  };
  /** A thread of that user by a name of another program's; false where a thread has that name. */
  "threads:createNamed": { readonly sandboxId: string; readonly ownerId: UserId };
  /** As its owner's deletion; false where that has happened. */
  "threads:removeNamed": { readonly threadId: ThreadId };
  "messages:project": ProjectedMessage & Numbered;
  "messages:select": MessageSelection & Numbered;
  "messages:truncate": { readonly threadId: ThreadId; readonly fromPosition: number } & Numbered;
  "sandboxes:report": SandboxProjection;
  "journal:append": JournalRow & { readonly threadId: ThreadId };
  "audit:append": {
    /** The same for what is to be one row. */
    readonly auditId: string;
    /** Milliseconds since 1970. */
    readonly at: number;
    readonly actorId?: string | undefined;
    readonly action: string;
    readonly outcome: "succeeded" | "refused" | "failed";
    readonly tag?: string | undefined;
    readonly count?: number | undefined;
    readonly threadId?: string | undefined;
    readonly requestId?: string | undefined;
    readonly reason?: string | undefined;
  };
}
