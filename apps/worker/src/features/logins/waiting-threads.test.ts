import { ThreadId } from "@threadbox/contracts/ids";
import { describe, expect, test } from "vitest";
import { MapStorage } from "./book.testing.ts";
import { WaitingThreads } from "./waiting-threads.ts";

const [first, second] = [ThreadId.make("thread0123456789"), ThreadId.make("thread9876543210")];

/** Threads that wait, and whoever tells them: a process that can be another one over the same books. */
class World {
  now = 1_000_000;
  readonly signedOut = new Set<ThreadId>([first, second]);
  readonly told: ThreadId[] = [];
  isReachable = true;
  /** Happens while a thread is being told. */
  meanwhile = () => {};
  readonly #storage = new MapStorage();
  waiting = this.start();

  start(): WaitingThreads {
    return new WaitingThreads(this.#storage, {
      now: () => this.now,
      isSignedOut: (threadId) => this.signedOut.has(threadId),
      tell: async (threadId) => {
        this.told.push(threadId);
        if (!this.isReachable) throw new Error("The thread can't be reached.");
        this.meanwhile();
      },
    });
  }
}

describe("threads whose turns wait for a login", () => {
  test("are told once each when their wait is over, however often something changes, and never before", async () => {
    const world = new World();
    world.waiting.add(first);
    world.waiting.add(second);
    expect(await world.waiting.settle()).toBeNull();
    expect(world.told).toEqual([]);
    world.signedOut.delete(first);
    await Promise.all([world.waiting.settle(), world.waiting.settle()]);
    expect(await world.waiting.settle()).toBeNull();
    expect(world.told).toEqual([first]);
  });

  test("are told again, after growing pauses and by another process too, until they have heard", async () => {
    const world = new World();
    world.waiting.add(first);
    world.signedOut.delete(first);
    world.isReachable = false;
    const pauses: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      const next = (await world.waiting.settle()) ?? 0;
      pauses.push(next - world.now);
      expect(await world.waiting.settle()).toBe(next);
      world.now = next;
      world.waiting = world.start();
    }
    expect(world.told).toHaveLength(4);
    expect(pauses.every((pause, at) => pause > (pauses[at - 1] ?? 0))).toBe(true);
    world.isReachable = true;
    expect(await world.waiting.settle()).toBeNull();
    expect(world.waiting.isEmpty).toBe(true);
  });

  test("that ask anew while they are being told wait on", async () => {
    const world = new World();
    world.waiting.add(first);
    world.signedOut.delete(first);
    world.meanwhile = () => {
      world.signedOut.add(first);
      world.waiting.add(first);
    };
    expect(await world.waiting.settle()).toBeNull();
    world.meanwhile = () => {};
    world.signedOut.delete(first);
    await world.waiting.settle();
    expect(world.told).toEqual([first, first]);
    expect(world.waiting.isEmpty).toBe(true);
  });
});
