import { Generation, ThreadId } from "@threadbox/contracts/ids";
import { Redacted } from "effect";
import { expect, onTestFinished, test } from "vitest";
import { askDecisions } from "./ask-decision.ts";
import { workerDouble } from "./relay.testing.ts";
import { egressWorker } from "./worker.ts";

const asking = async () => {
  const { url, asked, verdicts, server } = await workerDouble(() => {});
  const sandbox = { threadId: ThreadId.make("threadofthetests"), generation: Generation.make(1) };
  const worker = egressWorker(url, Redacted.make("control-channel-token-of-the-tests"), sandbox);
  onTestFinished(() => {
    worker.close();
    server.closeAllConnections();
  });
  const clock = { now: 0 };
  return { ...askDecisions(worker, () => clock.now), asked, clock, verdicts };
};

test("a host is asked about once for some seconds", async () => {
  const { ask, asked, clock } = await asking();
  expect(await Promise.all([ask("open.test"), ask("open.test")])).toEqual([
    { verdict: "tunnel" },
    { verdict: "tunnel" },
  ]);
  clock.now += 4_999;
  await ask("open.test");
  expect(asked).toEqual(["open.test"]);
  clock.now += 1;
  await ask("open.test");
  expect(asked).toEqual(["open.test", "open.test"]);
});

test("a program that makes up hosts without end costs the worker so many questions and no more", async () => {
  const { ask, asked, clock } = await asking();
  await ask("open.test");
  const answers = await Promise.all(Array.from({ length: 500 }, (_, index) => ask(`host-${index}.test`)));
  expect(asked).toHaveLength(64);
  expect(answers.at(-1)).toEqual({
    verdict: "deny",
    reason: expect.stringContaining("too many different hosts"),
    cause: "unasked",
  });
  // What was known before is reached all the same, and a moment later so is what is new.
  expect(await ask("open.test")).toEqual({ verdict: "tunnel" });
  clock.now += 1_000;
  expect(await ask("api.test")).toEqual({ verdict: "intercept" });
});
