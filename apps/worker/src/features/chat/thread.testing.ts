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

/** What Convex holds of the thread after these calls, as its functions would apply them. */
export const projected = async (threadId: ThreadId) => {
  const { calls } = await observe(threadId);
  const rows = new Map<number, { id: string; state: unknown; text: unknown }>();
  let last = 0;
  for (const { path, args } of calls) {
    const sequence = Number(args.sequence ?? 0);
    if (path === "threads:access" || path === "threads:setActivity" || path === "sandboxes:report") continue;
    if (sequence <= last) continue;
    last = sequence;
    if (path === "messages:truncate") {
      for (const position of rows.keys()) if (position >= Number(args.fromPosition)) rows.delete(position);
    } else {
      const state = (args.metadata as { state?: string } | undefined)?.state;
      rows.set(Number(args.position), { id: String(args.messageId), state, text: args.text });
    }
  }
  return [...rows].toSorted(([a], [b]) => a - b).map(([position, row]) => ({ position, ...row }));
};

/** The look after the thread comes early: what Convex is owed is delivered. */
export const delivered = (threadId: ThreadId): Promise<void> =>
  runInDurableObject(agentOf(threadId), async (agent) => {
    await agent.upkeep();
  });
