import { getSandbox } from "@cloudflare/sandbox";
import type { SandboxName, ThreadId } from "@threadbox/contracts/ids";
import type { CloudflareSandboxClient } from "./cloudflare-client.ts";

/** The Durable Object of a thread's sandbox. */
export const threadSandboxRef = (env: Env, threadId: ThreadId) => env.THREAD_SANDBOX.getByName(threadId);

/** An object without a sandbox, by which is asked whether there are containers. */
const probeName = "probe";

/** Whether this worker runs where Cloudflare has containers; rejects where it doesn't at all. */
export const hasCloudflareContainers = (env: Env): Promise<boolean> =>
  env.CLOUDFLARE_SANDBOX.getByName(probeName).hasContainer();

/** The container of that name; the same options every time, as the SDK asks. That object alone decides when it sleeps. */
export const cloudflareSandboxRef = (env: Env, name: SandboxName): CloudflareSandboxClient =>
  getSandbox(env.CLOUDFLARE_SANDBOX, name, { keepAlive: true, enableDefaultSession: false });
