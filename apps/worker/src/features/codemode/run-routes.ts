import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { programApi } from "@threadbox/contracts/program-api";
import { KeepSnippet, RunSnippet, SnippetId } from "@threadbox/contracts/program-runs";
import { Effect, Schema } from "effect";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import type { Route, RouteRequest } from "../../http/route.ts";
import { newSecretText } from "../../platform/ids.ts";
import { logDefect } from "../../platform/log.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { Approvals } from "./approvals.ts";
import { approvalRefused } from "./errors.ts";
import { eventAnswer } from "./event-answer.ts";
import type { ProgramMachine } from "./machine.ts";
import type { ProgramNews } from "./program-news.ts";
import { runProgram } from "./run.ts";
import type { ToolServices } from "./tool.ts";

const isSnippetId = Schema.is(SnippetId);
const readKeep = jsonBody(KeepSnippet, "The body must hold a name and a run.", smallBody);
const readRun = jsonBody(RunSnippet, "The body must hold the arguments as JSON.", {
  bytesMax: codemodeLimits.programLengthMax,
});
const idBytes = 15;

const named = ({ params: { snippetId } }: RouteRequest) =>
  isSnippetId(snippetId) ? Effect.succeed(snippetId) : Effect.fail(approvalRefused("NotFound"));

/** What programs of a thread have done, and those that are kept, for whoever holds the thread's token. */
export const runRoutes: readonly Route<
  ThreadDoor | Approvals | ToolServices | ProgramMachine | ProgramNews | RequestLimits
>[] = [
  {
    ...programApi.listRuns,
    audience: "page",
    handle: Effect.fn("listRuns")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const approvals = yield* Approvals;
      return Response.json(yield* approvals.runs(threadId));
    }),
  },
  {
    ...programApi.keepSnippet,
    audience: "page",
    handle: Effect.fn("keepSnippet")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const wish = yield* readKeep(routed);
      const approvals = yield* Approvals;
      return Response.json(yield* approvals.keepSnippet(threadId, SnippetId.make(newSecretText(idBytes)), wish));
    }),
  },
  {
    ...programApi.dropSnippet,
    audience: "page",
    handle: Effect.fn("dropSnippet")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const approvals = yield* Approvals;
      yield* approvals.dropSnippet(threadId, yield* named(routed));
      return Response.json({});
    }),
  },
  {
    ...programApi.runSnippet,
    audience: "page",
    handle: Effect.fn("runSnippet")(function* (routed) {
      const { threadId, userId } = yield* authorizeThread(routed, "header");
      const limits = yield* RequestLimits;
      yield* limits.admit("program", { userId, threadId });
      const wish = yield* readRun(routed);
      const approvals = yield* Approvals;
      const { program } = yield* approvals.findSnippet(threadId, yield* named(routed));
      const { requestId } = routed;
      const running = runProgram(program, { threadId, requestId, generation: null }, wish.arguments).pipe(
        Effect.catchDefect((cause) => {
          logDefect("codemode.crashed", cause, { requestId, path: "snippet" });
          const error = `Something went wrong on our side. Reference: ${requestId}`;
          return Effect.succeed({ error, printed: [], calls: [], durationMs: 0 });
        }),
      );
      // A person may be asked, which takes longer than a silent connection is kept.
      return yield* eventAnswer(running);
    }),
  },
];
