import type { ThreadId } from "@threadbox/contracts/ids";
import { Context, Effect, Layer } from "effect";
import { CopyError, copyWorkspace, type SyncedFiles, type SyncReport, stored } from "./copy-workspace.ts";
import { WorkspaceStorage } from "./workspace-storage.ts";

export { CopyError };

/** Copies of workspaces in the bucket, each below its thread's id, which is never another's. */
export interface WorkspaceCopiesShape {
  sync<E>(threadId: ThreadId, files: SyncedFiles<E>): Effect.Effect<SyncReport, E | CopyError>;
  /** Whether there is one: somebody has asked for it. */
  has(threadId: ThreadId): Effect.Effect<boolean, CopyError>;
  remove(threadId: ThreadId): Effect.Effect<void, CopyError>;
}

export class WorkspaceCopies extends Context.Service<WorkspaceCopies, WorkspaceCopiesShape>()(
  "threadbox/worker/sync/WorkspaceCopies",
) {}

export const workspaceCopiesLayer = ({
  WORKSPACE_BUCKET: bucket,
}: Pick<Env, "WORKSPACE_BUCKET">): Layer.Layer<WorkspaceCopies> =>
  Layer.succeed(WorkspaceCopies, {
    sync: (threadId, files) => copyWorkspace(files, new WorkspaceStorage(bucket, threadId)),
    has: (threadId) =>
      Effect.map(
        stored(() => new WorkspaceStorage(bucket, threadId).isEmpty()),
        (isEmpty) => !isEmpty,
      ),
    remove: (threadId) => stored(() => new WorkspaceStorage(bucket, threadId).deleteAllFiles()),
  });
