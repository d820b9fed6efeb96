import type { ThreadId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { log } from "../../platform/log.ts";
import { WorkspaceCopies } from "../sync/index.ts";
import { SandboxUnavailableError } from "./errors.ts";
import { SandboxProvider } from "./provider.ts";
import type { SandboxRecord } from "./record.ts";

/** Whoever needs a sandbox that is being put to sleep waits at most so long for its copy. */
const beforeSleepMax = "20 seconds";

/** What the lifecycle does about the copy of a workspace in the bucket. */
export const makeCopies = Effect.gen(function* () {
  const provider = yield* SandboxProvider;
  const copies = yield* WorkspaceCopies;
  return {
    /** A workspace that somebody has had copied is copied again. Never fails: the workspace itself stays where it is. */
    copyBeforeSleep: ({ threadId, name }: SandboxRecord): Effect.Effect<void> =>
      Effect.gen(function* () {
        if (!(yield* copies.has(threadId))) return;
        const list = (path: string) => provider.listFiles(name, path);
        const read = (path: string) => provider.readFile(name, path);
        yield* copies.sync(threadId, { list, read });
      }).pipe(
        Effect.timeout(beforeSleepMax),
        Effect.catch(() => Effect.sync(() => log("workspace.copy.failed", { threadId }))),
      ),
    removeCopy: (threadId: ThreadId) =>
      Effect.mapError(copies.remove(threadId), ({ message }) => new SandboxUnavailableError({ reason: message })),
  };
});
