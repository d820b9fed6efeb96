import { ExecuteProgram } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { codemodeExecute, codemodeMcp } from "@threadbox/contracts/codemode-tool";
import { UserId } from "@threadbox/contracts/ids";
import { Effect } from "effect";
import { jsonBody } from "../../http/json-body.ts";
import type { Route, RouteRequest } from "../../http/route.ts";
import type { AuditTrail } from "../../platform/audit.ts";
import { logDefect } from "../../platform/log.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { requireSandbox, type SandboxDoor } from "../sandbox/index.ts";
import { authorizeOwnThread, type ThreadDoor } from "../threads/index.ts";
import { approvalRoutes } from "./approval-routes.ts";
import type { Approvals } from "./approvals.ts";
import type { ProgramMachine } from "./machine.ts";
import { answerMcp, resumeMcp } from "./mcp.ts";
import type { ProgramNews } from "./program-news.ts";
import type { ProgramOwner } from "./program-owner.ts";
import { runProgram } from "./run.ts";
import { runRoutes } from "./run-routes.ts";
import type { ToolServices } from "./tool.ts";

// JSON may write each character of a program as six.
const bodyBytesMax = 6 * codemodeLimits.programLengthMax;

const readBody = jsonBody(ExecuteProgram, "The body must be an object whose code is a program.", {
  bytesMax: bodyBytesMax,
});

const failed = (error: string): Response => Response.json({ success: false, error }, { status: 500 });

/** Runs what the body holds, and answers in the form that was agreed for this route. */
const executeFor = Effect.fnUntraced(function* (routed: RouteRequest, owner: ProgramOwner) {
  const { code } = yield* readBody(routed);
  const { requestId } = routed;
  const end = yield* runProgram(code, owner).pipe(
    Effect.catchDefect((cause) => {
      logDefect("codemode.crashed", cause, { requestId, path: "execute" });
      const error = `Something went wrong on our side. Reference: ${requestId}`;
      return Effect.succeed({ error, result: undefined });
    }),
  );
  return end.error === undefined ? Response.json({ success: true, result: end.result ?? null }) : failed(end.error);
});

export type CodemodeServices =
  | ThreadDoor
  | SandboxDoor
  | ToolServices
  | ProgramMachine
  | ProgramNews
  | RequestLimits
  | Approvals
  | AuditTrail;

/** Programs, for whoever holds a thread's token, and for the agent in a thread's sandbox. */
export const codemodeRoutes: readonly Route<CodemodeServices>[] = [
  ...approvalRoutes,
  ...runRoutes,
  {
    method: "POST",
    path: "/api/codemode/execute",
    audience: "page",
    handle: Effect.fn("executeProgram")(function* (routed) {
      const { threadId, userId } = yield* authorizeOwnThread(routed);
      const limits = yield* RequestLimits;
      yield* limits.admit("program", { userId, threadId });
      return yield* executeFor(routed, { threadId, requestId: routed.requestId, generation: null });
    }),
  },
  {
    method: "POST",
    path: codemodeExecute.innerPath,
    audience: "machine",
    handle: Effect.fn("executeProgramOfSandbox")(function* (routed) {
      const { thread_id: threadId, generation } = yield* requireSandbox(routed.request);
      const limits = yield* RequestLimits;
      yield* limits.admit("program", { userId: UserId.make(`sandbox_${threadId}`), threadId });
      return yield* executeFor(routed, { threadId, requestId: routed.requestId, generation });
    }),
  },
  {
    method: "POST",
    path: codemodeMcp.innerPath,
    audience: "machine",
    handle: Effect.fn("answerMcp")(function* (routed) {
      const { thread_id: threadId, generation } = yield* requireSandbox(routed.request);
      return yield* answerMcp(routed, { threadId, generation, requestId: routed.requestId });
    }),
  },
  {
    method: "GET",
    path: codemodeMcp.innerPath,
    audience: "machine",
    handle: Effect.fn("resumeMcp")(function* (routed) {
      const { thread_id: threadId, generation } = yield* requireSandbox(routed.request);
      return yield* resumeMcp(routed, { threadId, generation, requestId: routed.requestId });
    }),
  },
];
