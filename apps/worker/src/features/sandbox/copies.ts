import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { log } from "../../platform/log.ts";
import { Metrics, timed } from "../../platform/metrics/metrics.ts";
import { type SyncedFiles, WorkspaceCopies } from "../sync/index.ts";
import { ThreadAccess } from "../threads/index.ts";
import { SandboxUnavailableError } from "./errors.ts";
import { SandboxProvider } from "./provider.ts";
import type { SandboxRecord } from "./record.ts";

/** Whoever needs a sandbox that is being put to sleep waits at most so long for its copy. */
const beforeSleepMax = "20 seconds";

/** Brings the copy of a workspace to what the workspace is, and has it measured. */
export const syncCopy = Effect.fn("syncCopy")(function* <E>(threadId: ThreadId, files: SyncedFiles<E>) {
  const copies = yield* WorkspaceCopies;
  const metrics = yield* Metrics;
  const access = yield* ThreadAccess;
  const report = yield* copies
    .sync(threadId, files)
    .pipe(timed((value) => metrics.note({ kind: "value", name: "r2.sync_duration", value })));
  const user = yield* access.ownerOf(threadId).pipe(Effect.orElseSucceed(() => null));
  const level = { kind: "level", name: "r2.storage_bytes", part: threadId, value: report.bytes } as const;
  if (user !== null) yield* metrics.note({ ...level, user });
  return report;
});

/** What the lifecycle does about the copy of a workspace in the bucket. */
export const makeCopies = Effect.gen(function* () {
  const provider = yield* SandboxProvider;
  const copies = yield* WorkspaceCopies;
  const metrics = yield* Metrics;
  const access = yield* ThreadAccess;
  return {
    /** A workspace that somebody has had copied is copied again. Never fails: the workspace itself stays where it is. */
    copyBeforeSleep: ({ threadId, name }: SandboxRecord): Effect.Effect<void> =>
      Effect.gen(function* () {
        if (!(yield* copies.has(threadId))) return;
        const list = (path: string) => provider.listFiles(name, path);
        const read = (path: string) => provider.readFile(name, path);
        yield* syncCopy(threadId, { list, read });
      }).pipe(
        Effect.provideService(WorkspaceCopies, copies),
        Effect.provideService(Metrics, metrics),
        Effect.provideService(ThreadAccess, access),
        Effect.timeout(beforeSleepMax),
        Effect.catch(() => Effect.sync(() => log("workspace.copy.failed", { threadId }))),
      ),
    removeCopy: (threadId: ThreadId) =>
      copies.remove(threadId).pipe(
        Effect.mapError(({ message }) => new SandboxUnavailableError({ reason: message })),
        Effect.andThen(metrics.note({ kind: "level", name: "r2.storage_bytes", user: "", part: threadId, value: 0 })),
      ),
  };
});
