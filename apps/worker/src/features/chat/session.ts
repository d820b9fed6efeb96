import type { ThreadId } from "@threadbox/contracts/ids";
import { threadAgentRef } from "./refs.ts";

/** The OpenCode session that shows what the thread shows; null where it has none yet. */
export const openCodeSessionOf = async (env: Env, threadId: ThreadId): Promise<string | null> =>
  (await threadAgentRef(env, threadId)).openCodeSession();
