import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Generation, type ThreadId, UserId } from "@threadbox/contracts/ids";
import type { ApprovalId, DecideApproval, PendingApproval } from "@threadbox/contracts/program-approval";
import { Effect } from "effect";
import { expect } from "vitest";
import { makeWorkerRuntime } from "../../runtime.ts";
import { SandboxFiles } from "../sandbox/index.ts";
import { machineOf, outcomeOf, returned } from "./machine.testing.ts";
import { programApprovalsRef } from "./refs.ts";
import { runProgram } from "./run.ts";

export const runtime = makeWorkerRuntime(env);

export type Call = readonly [tool: string, input: unknown];

/** Runs a program of these calls; resolves with its report. */
export const start = (threadId: ThreadId, calls: readonly Call[], program = "async () => {}", signal?: AbortSignal) => {
  const outcomes: unknown[] = [];
  const machine = machineOf(async ({ answer }) => {
    for (const [tool, input] of calls) outcomes.push(await outcomeOf(answer(tool, input as never)));
    return returned(outcomes as never);
  });
  const caller = { threadId, requestId: "request-1", generation: Generation.make(1) };
  const options = signal === undefined ? {} : { signal };
  return runtime.runPromise(Effect.provide(runProgram(program, caller), machine), options);
};

export const read = (threadId: ThreadId, path: string) =>
  runtime.runPromise(
    SandboxFiles.use((files) => files.open(threadId)).pipe(
      Effect.flatMap((files) => files.read(path)),
      Effect.flatMap(({ stream }) => Effect.promise(() => new Response(stream).text())),
      Effect.orElseSucceed(() => null),
    ),
  );
export const write = (threadId: ThreadId, path: string, text: string) =>
  runtime.runPromise(
    SandboxFiles.use((files) => files.open(threadId)).pipe(
      Effect.flatMap((files) => files.write(path, new TextEncoder().encode(text))),
    ),
  );

export const writeB: Call = ["workspace.write", { path: "b.txt", content: "one\n" }];
export const approvalsOf = (threadId: ThreadId) => programApprovalsRef(env, threadId);

const none = "none" as ApprovalId;

/** What waits in a thread, once so much does, as every tab of it is shown. */
export const pendingOf = async (threadId: ThreadId, count = 1): Promise<readonly PendingApproval[]> => {
  const look = () => runInDurableObject(env.THREAD_AGENT.getByName(threadId), ({ state }) => state.approvals ?? []);
  await expect.poll(async () => (await look()).length).toBe(count);
  return look();
};

export const seeApproval = (threadId: ThreadId, approvalId: ApprovalId = none) =>
  programApprovalsRef(env, threadId).view(approvalId);

export const decide = (
  threadId: ThreadId,
  approvalId: ApprovalId = none,
  decision: DecideApproval["decision"] = "once",
) =>
  programApprovalsRef(env, threadId).decide(
    approvalId,
    { decision },
    { userId: UserId.make("user_who_decides"), requestId: crypto.randomUUID() },
  );
