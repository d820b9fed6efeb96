import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type { ThreadId } from "@threadbox/contracts/ids";
import { observe } from "../../testing/observe.testing.ts";

/** The answer of the recording `text`. */
export const whole = "Hello there, this is a plain answer.\n\nWith a second paragraph and trailing space.  \n";
/** In the recording `text`, the fourth word of the answer. */
export const midText = '"delta":"is "';

/** The first request loads the worker, which takes its time. */
export const loadWorker = async (): Promise<void> => {
  await exports.default.fetch("http://worker.test/health");
};

export const agentOf = (threadId: ThreadId) => env.THREAD_AGENT.getByName(threadId);

/** The agent is gone in the middle of whatever it does, as when its process is killed. */
export const loseAgent = async (threadId: ThreadId): Promise<void> => {
  await runInDurableObject(agentOf(threadId), (_, state) => state.abort("lost")).catch(() => {});
};

/** The branch that Convex shows of the thread after these calls, as its functions would apply them. */
export const projected = async (threadId: ThreadId) => {
  const { calls } = await observe(threadId);
  const rows = new Map<
    string,
    { parent: string | null; position: number; id: string; state: unknown; text: unknown }
  >();
  let last = 0;
  let leaf: string | null = null;
  for (const { path, args } of calls) {
    const sequence = Number(args.sequence ?? 0);
    if (path === "threads:access" || path === "threads:setActivity" || path === "sandboxes:report") continue;
    if (sequence <= last) continue;
    last = sequence;
    leaf = String(path === "messages:select" ? args.leafId : args.messageId);
    if (path === "messages:select") continue;
    const state = (args.metadata as { state?: string } | undefined)?.state;
    const parent = args.parentId as string | null;
    rows.set(leaf, { parent, position: Number(args.position), id: leaf, state, text: args.text });
  }
  const branch = [];
  for (let row = rows.get(leaf ?? ""); row !== undefined; row = rows.get(row.parent ?? "")) branch.unshift(row);
  return branch.map(({ parent: _, ...row }) => row);
};

/** The look after the thread comes early: what Convex is owed is delivered. */
export const delivered = (threadId: ThreadId): Promise<void> =>
  runInDurableObject(agentOf(threadId), async (agent) => {
    await agent.upkeep();
  });
