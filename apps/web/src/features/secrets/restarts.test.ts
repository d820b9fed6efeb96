import type { GatewayRestart } from "@threadbox/contracts/gateway-restart";
import { ThreadId } from "@threadbox/contracts/ids";
import { expect, test } from "vitest";
import { WireFailure } from "../errors/index.ts";
import { countRestarts, type RestartState, restartAll } from "./restarts.ts";

const ids = Array.from({ length: 9 }, (_, at) => ThreadId.make(`thread${at}`.padEnd(32, "0")));
const [first, second] = ids as [ThreadId, ThreadId];
const restarted = (threadId: ThreadId): GatewayRestart => ({
  threadId,
  outcome: "restarted",
  before: null,
  after: null,
  downMs: 10,
  reason: "Restarted.",
});

const book = () => {
  const states = new Map<ThreadId, RestartState>();
  const tell = (threadId: ThreadId, state: RestartState | null) =>
    void (state === null ? states.delete(threadId) : states.set(threadId, state));
  return { states, tell, counts: () => countRestarts(states.values()) };
};

test("every sandbox is restarted once, three at a time at most", async () => {
  const { tell, counts } = book();
  const asked: ThreadId[] = [];
  let running = 0;
  let most = 0;
  await restartAll(
    ids,
    async (threadId) => {
      asked.push(threadId);
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return restarted(threadId);
    },
    tell,
  );
  await expect.poll(counts).toEqual({ running: 0, done: ids.length, failed: 0 });
  expect(asked.toSorted()).toEqual(ids);
  expect(most).toBeLessThanOrEqual(3);
});

test("a first one that isn't let in ends it all, and nothing is shown as restarting", async () => {
  const { states, tell } = book();
  let asked = 0;
  const refused = async () => {
    asked += 1;
    throw new WireFailure("ReauthRequired", "Sign in again.");
  };
  await expect(restartAll(ids, refused, tell)).rejects.toMatchObject({ tag: "ReauthRequired" });
  expect([asked, states.size]).toEqual([1, 0]);
});

test("one that fails holds up no other", async () => {
  const { states, tell, counts } = book();
  const restart = async (threadId: ThreadId) => {
    if (threadId === second) throw new WireFailure("UpstreamTimeout", "");
    return threadId === first ? { ...restarted(threadId), outcome: "failed" as const } : restarted(threadId);
  };
  await restartAll(ids, restart, tell);
  await expect.poll(counts).toEqual({ running: 0, done: ids.length - 2, failed: 2 });
  expect(states.get(second)).toMatchObject({ kind: "lost" });
});
