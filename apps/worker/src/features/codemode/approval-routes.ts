import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { programApi } from "@threadbox/contracts/program-api";
import { AnswerQuestion, ApprovalId, DecideApproval, ProgramPolicy } from "@threadbox/contracts/program-approval";
import { Effect, Schema } from "effect";
import { jsonBody, smallBody } from "../../http/json-body.ts";
import type { Route, RouteRequest } from "../../http/route.ts";
import { AuditTrail } from "../../platform/audit.ts";
import { authorizeThread, type ThreadDoor } from "../threads/index.ts";
import { Approvals } from "./approvals.ts";
import { approvalRefused } from "./errors.ts";

const isApprovalId = Schema.is(ApprovalId);
const readDecision = jsonBody(DecideApproval, "The body must say once, always or deny.", smallBody);
const readAnswer = jsonBody(AnswerQuestion, "The body must hold an answer of 1 to 4,000 characters, or null.", {
  bytesMax: 6 * codemodeLimits.replyLengthMax + 1_024,
});
const readPolicy = jsonBody(ProgramPolicy, "The body must say what programs do unasked.", smallBody);

const named = ({ params: { approvalId } }: RouteRequest) =>
  isApprovalId(approvalId) ? Effect.succeed(approvalId) : Effect.fail(approvalRefused("NotFound"));

/** What programs of a thread ask, for whoever holds the thread's token. */
export const approvalRoutes: readonly Route<ThreadDoor | Approvals | AuditTrail>[] = [
  {
    ...programApi.findApproval,
    audience: "page",
    handle: Effect.fn("findApproval")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const approvals = yield* Approvals;
      return Response.json(yield* approvals.find(threadId, yield* named(routed)));
    }),
  },
  {
    ...programApi.decideApproval,
    audience: "page",
    handle: Effect.fn("decideApproval")(function* (routed) {
      const { threadId, userId } = yield* authorizeThread(routed, "header");
      const wish = yield* readDecision(routed);
      const approvals = yield* Approvals;
      const { requestId } = routed;
      return Response.json(yield* approvals.decide(threadId, yield* named(routed), wish, { userId, requestId }));
    }),
  },
  {
    ...programApi.undoApproval,
    audience: "page",
    handle: Effect.fn("undoApproval")(function* (routed) {
      const { threadId, userId } = yield* authorizeThread(routed, "header");
      const approvals = yield* Approvals;
      const { requestId } = routed;
      return Response.json(yield* approvals.undo(threadId, yield* named(routed), { userId, requestId }));
    }),
  },
  {
    ...programApi.findQuestion,
    audience: "page",
    handle: Effect.fn("findQuestion")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const approvals = yield* Approvals;
      return Response.json(yield* approvals.findQuestion(threadId, yield* named(routed)));
    }),
  },
  {
    ...programApi.answerQuestion,
    audience: "page",
    handle: Effect.fn("answerQuestion")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const wish = yield* readAnswer(routed);
      const approvals = yield* Approvals;
      return Response.json(yield* approvals.answer(threadId, yield* named(routed), wish));
    }),
  },
  {
    ...programApi.findPolicy,
    audience: "page",
    handle: Effect.fn("findProgramPolicy")(function* (routed) {
      const { threadId } = yield* authorizeThread(routed, "header");
      const approvals = yield* Approvals;
      return Response.json(yield* approvals.policy(threadId));
    }),
  },
  {
    ...programApi.setPolicy,
    audience: "page",
    handle: Effect.fn("setProgramPolicy")(function* (routed) {
      const { threadId, userId: actorId } = yield* authorizeThread(routed, "header");
      const wish = yield* readPolicy(routed);
      const approvals = yield* Approvals;
      const audit = yield* AuditTrail;
      const policy = yield* approvals.setPolicy(threadId, wish);
      const { requestId } = routed;
      const reason = `Programs write: ${wish.writes}.`;
      yield* audit.append({ requestId, action: "program.policy_set", actorId, threadId, outcome: "succeeded", reason });
      return Response.json(policy);
    }),
  },
];
