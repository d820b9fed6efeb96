import type { ThreadId } from "@threadbox/contracts/ids";
import { Deferred, Effect } from "effect";
import { CapabilityUnsupportedError, type SandboxError, SandboxNotFoundError } from "./errors.ts";
import { SandboxProvider } from "./provider.ts";
import { isRunning, type SandboxRecord } from "./record.ts";
import type { ReportedRecord } from "./reported-record.ts";
import type { RestoreTarget } from "./sandbox.ts";
import type { Purpose } from "./starts.ts";

const noPoint = () => new SandboxNotFoundError({ what: "This point" });

/** Starts a thread's sandbox with the files of a point. Where that can't be done, what ran runs again with its own. */
export const makeRestore = Effect.fnUntraced(function* (
  { read, write }: ReportedRecord,
  start: (purpose: Purpose) => Effect.Effect<SandboxRecord, SandboxError>,
) {
  const provider = yield* SandboxProvider;
  return Effect.fnUntraced(function* (threadId: ThreadId, { pointId, after }: RestoreTarget) {
    if (!provider.capabilities.has("save")) {
      return yield* new CapabilityUnsupportedError({ capability: "save", provider: provider.id });
    }
    const common = { threadId, givenUp: Deferred.makeUnsafe<void>() };
    const again = isRunning(read()) ? start({ ...common, cause: "restart" }) : Effect.void;
    const record = yield* start({ ...common, cause: "filesRestored", restores: pointId }).pipe(
      Effect.catchTag("SandboxNotFoundError", () => Effect.fail(noPoint())),
      Effect.tapError(() => Effect.ignore(again)),
    );
    const { after: _, ...kept } = read() ?? record;
    write(after === null ? kept : { ...kept, after });
  });
});
