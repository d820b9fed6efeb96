import { getSandbox } from "@cloudflare/sandbox";
import type { SandboxName, ThreadId } from "@threadbox/contracts/ids";
import type { CloudflareSandboxClient } from "./cloudflare-client.ts";

/** The Durable Object of a thread's sandbox. */
export const threadSandboxRef = (env: Env, threadId: ThreadId) => env.THREAD_SANDBOX.getByName(threadId);

/** The container of that name; the same options every time, as the SDK asks. That object alone decides when it sleeps. */
export const cloudflareSandboxRef = (env: Env, name: SandboxName): CloudflareSandboxClient =>
  getSandbox(env.CLOUDFLARE_SANDBOX, name, { keepAlive: true, enableDefaultSession: false });
