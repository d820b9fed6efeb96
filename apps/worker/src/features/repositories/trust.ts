import type { ThreadId } from "@threadbox/contracts/ids";
import { SetTrust, type WorkspaceTrust } from "@threadbox/contracts/repository";
import { Effect } from "effect";
import { jsonBody } from "../../http/json-body.ts";
import type { RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { Sandboxes, SandboxFiles } from "../sandbox/index.ts";
import { authorizeThread } from "../threads/index.ts";
import { trustRefused } from "./errors.ts";
import { findWouldRun } from "./would-run.ts";

const readWish = jsonBody(SetTrust, "The body must say isTrusted.", { bytesMax: 1_024 });

const trustOf = Effect.fnUntraced(function* (threadId: ThreadId) {
  const isTrusted = yield* Sandboxes.use((sandboxes) => sandboxes.isTrusted(threadId));
  const found = SandboxFiles.use((sandboxes) => sandboxes.open(threadId)).pipe(Effect.flatMap(findWouldRun));
  // What is trusted may be what keeps OpenCode from starting: whoever wants to take the trust back is not held up by that.
  const { wouldRun } = yield* isTrusted
    ? Effect.catchTag(found, "SandboxUnavailableError", () => Effect.succeed({ wouldRun: [] }))
    : found;
  return { isTrusted, wouldRun } satisfies WorkspaceTrust;
});

/** Whether the thread's workspace is trusted, and what that means for what lies in it now. */
export const readTrust = Effect.fn("readTrust")(function* (routed: RouteRequest) {
  const { threadId } = yield* authorizeThread(routed, "header");
  return yield* trustOf(threadId);
});

/** Trusts the thread's workspace, or no more. Refused while a turn runs, which a new start would cut short. */
export const setTrust = Effect.fn("setTrust")(function* (routed: RouteRequest) {
  const { threadId, userId } = yield* authorizeThread(routed, "header");
  const { isTrusted } = yield* readWish(routed);
  const sandboxes = yield* Sandboxes;
  if ((yield* sandboxes.find(threadId))?.status === "busy") return yield* trustRefused("AlreadyRunning");
  const audit = yield* AuditTrail;
  yield* sandboxes.setTrusted(threadId, isTrusted);
  const action = isTrusted ? "workspace.trusted" : "workspace.distrusted";
  yield* audit.append({ requestId: routed.requestId, action, actorId: userId, threadId, outcome: "succeeded" });
  return yield* trustOf(threadId);
});
