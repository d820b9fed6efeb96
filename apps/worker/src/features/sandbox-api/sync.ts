import { Clock, Effect } from "effect";
import type { RouteRequest } from "../../http/route.ts";
import { log } from "../../platform/log.ts";
import { Sandboxes, SandboxFiles, syncCopy } from "../sandbox/index.ts";
import { requireNamed } from "./named.ts";
import { recorded } from "./recorded.ts";

/** Brings the copy of the workspace in the bucket to what the workspace is. From then on it is kept up at each sleep. */
export const syncSandbox = Effect.fn("syncSandbox")(function* (routed: RouteRequest) {
  const { id, threadId, caller } = yield* requireNamed(routed);
  const before = yield* Clock.currentTimeMillis;
  const copying = Effect.gen(function* () {
    const files = yield* SandboxFiles.use((sandboxes) => sandboxes.open(threadId));
    // First, so that a copy that breaks off goes with the thread too.
    yield* Sandboxes.use((sandboxes) => sandboxes.markCopied(threadId));
    return yield* syncCopy(threadId, files);
  });
  const report = yield* recorded(copying, { routed, caller, threadId, action: "sandbox.synced" });
  const durationMs = (yield* Clock.currentTimeMillis) - before;
  log("workspace.synced", { threadId, ...report, durationMs });
  return { success: true, sandboxId: id, ...report, durationMs } as const;
});
