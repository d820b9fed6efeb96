import type { ThreadId } from "@threadbox/contracts/ids";

/** What programs of a thread ask. */
export const programApprovalsRef = (env: Pick<Env, "PROGRAM_APPROVALS">, threadId: ThreadId) =>
  env.PROGRAM_APPROVALS.getByName(threadId);
