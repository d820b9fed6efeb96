import type * as http from "node:http";
import type * as net from "node:net";
import { type EgressTally, egressTalliesMax } from "@threadbox/contracts/egress";
import { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Redacted } from "effect";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { workerDouble } from "./relay.testing.ts";
import { tallyEgress } from "./tally.ts";
import { egressWorker } from "./worker.ts";

const open = async () => {
  const double = await workerDouble((_, __, response: http.ServerResponse) => void response.writeHead(500).end());
  const sandbox = { threadId: ThreadId.make("threadofthetests"), generation: Generation.make(1) };
  const worker = egressWorker(double.url, Redacted.make("control-channel-token-of-the-tests"), sandbox);
  onTestFinished(worker.close);
  const clock = { now: 0 };
  const tally = tallyEgress(worker, () => clock.now, pino({ level: "silent" }));
  return { ...double, clock, tally };
};

describe("what a relay counts", () => {
  test("is told by host and verdict, with how often and from when to when", async () => {
    const { tally, clock, told } = await open();
    for (clock.now = 1; clock.now <= 12; clock.now += 1) tally.note("evil.test", "deny");
    tally.note("pypi.org", "tunnel");
    tally.note(null, "deny");
    await tally.close();
    expect(told).toEqual([
      { host: "evil.test", verdict: "deny", count: 12, firstAt: 1, lastAt: 12 },
      { host: "pypi.org", verdict: "tunnel", count: 1, firstAt: 13, lastAt: 13 },
      { host: null, verdict: "deny", count: 1, firstAt: 13, lastAt: 13 },
    ] satisfies EgressTally[]);
  });

  test("is told by itself a moment later, once", async () => {
    const { tally, told } = await open();
    tally.note("evil.test", "deny");
    tally.note("evil.test", "deny");
    await expect.poll(() => told, { timeout: 3_000 }).toMatchObject([{ count: 2 }]);
    await tally.close();
    expect(told).toHaveLength(1);
  });

  test("stays within what one request may tell, however many hosts a program asks for", async () => {
    const { tally, told } = await open();
    for (let host = 0; host < 500; host += 1) tally.note(`h${host}.test`, "deny");
    for (const verdict of ["deny", "tunnel", "intercept"] as const) tally.note("one-more.test", verdict);
    await tally.close();
    expect(told.length).toBeLessThanOrEqual(egressTalliesMax);
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(503);
  });

  test("is no reason to fail where the worker is away", async () => {
    const { tally, server } = await open();
    await new Promise((done) => (server as net.Server).close(done));
    tally.note("evil.test", "deny");
    await expect(tally.close()).resolves.toBeUndefined();
  });
});
