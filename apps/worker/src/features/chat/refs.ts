import type { ThreadId } from "@threadbox/contracts/ids";
import { getAgentByName } from "agents";
import type { ThreadAgent } from "./thread-agent.ts";

/** The agent of a thread. */
export const threadAgentRef = (env: Env, threadId: ThreadId): Promise<DurableObjectStub<ThreadAgent>> =>
  getAgentByName(env.THREAD_AGENT, threadId);
