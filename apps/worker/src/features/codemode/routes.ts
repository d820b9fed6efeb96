import { ExecuteProgram } from "@threadbox/contracts/codemode";
import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { codemodeMcp } from "@threadbox/contracts/codemode-tool";
import { Effect } from "effect";
import { jsonBody } from "../../http/json-body.ts";
import type { Route } from "../../http/route.ts";
import type { AuditTrail } from "../../platform/audit.ts";
import { logDefect } from "../../platform/log.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { requireSandbox, type SandboxDoor } from "../sandbox/index.ts";
import { authorizeOwnThread, type ThreadDoor } from "../threads/index.ts";
import { approvalRoutes } from "./approval-routes.ts";
import type { Approvals } from "./approvals.ts";
import type { ProgramMachine } from "./machine.ts";
import { answerMcp, resumeMcp } from "./mcp.ts";
import { runProgram } from "./run.ts";
import type { ToolServices } from "./tool.ts";

// JSON may write each character of a program as six.
const bodyBytesMax = 6 * codemodeLimits.programLengthMax;

const readBody = jsonBody(ExecuteProgram, "The body must be an object whose code is a program.", {
  bytesMax: bodyBytesMax,
});

const failed = (error: string): Response => Response.json({ success: false, error }, { status: 500 });

export type CodemodeServices =
  | ThreadDoor
  | SandboxDoor
  | ToolServices
  | ProgramMachine
  | RequestLimits
  | Approvals
  | AuditTrail;

/** Programs, for whoever holds a thread's token, and for the agent in a thread's sandbox. */
export const codemodeRoutes: readonly Route<CodemodeServices>[] = [
  ...approvalRoutes,
  {
    method: "POST",
    path: "/api/codemode/execute",
    audience: "page",
    handle: Effect.fn("executeProgram")(function* (routed) {
      const { threadId, userId } = yield* authorizeOwnThread(routed);
      const limits = yield* RequestLimits;
      yield* limits.admit("program", { userId, threadId });
      const { code } = yield* readBody(routed);
      const { requestId } = routed;
      const end = yield* runProgram(code, { threadId, requestId, generation: null }).pipe(
        Effect.catchDefect((cause) => {
          logDefect("codemode.crashed", cause, { requestId, path: "execute" });
          const error = `Something went wrong on our side. Reference: ${requestId}`;
          return Effect.succeed({ error, result: undefined });
        }),
      );
      return end.error === undefined ? Response.json({ success: true, result: end.result ?? null }) : failed(end.error);
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
