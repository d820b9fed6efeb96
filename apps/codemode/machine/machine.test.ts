import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { escapes } from "./escapes.testing.ts";
import { startMachine } from "./machine.testing.ts";

let machine: Awaited<ReturnType<typeof startMachine>>;
beforeAll(async () => {
  machine = await startMachine();
});
afterAll(() => machine.stop());

describe("a program", () => {
  test("calls the tools it was given, in any order, and returns what it made of their answers", async () => {
    const program = `async () => {
      const [a, b] = await Promise.all([workspace.read({ path: "a" }), workspace.read({ path: "b" })]);
      console.log("both", 2);
      return { paths: [a.path, b.path] };
    }`;
    const { calls, last } = await machine.run(program);
    expect(calls.map(({ tool, input }) => ({ tool, input }))).toEqual([
      { tool: "workspace.read", input: { path: "a" } },
      { tool: "workspace.read", input: { path: "b" } },
    ]);
    expect(last).toEqual({ type: "returned", result: { paths: ["a", "b"] }, logs: ["both 2"] });
  });

  test("is told why a tool refused, and may go on", async () => {
    const program = "async () => { try { await workspace.read({}); } catch (error) { return error.message; } }";
    const refuse = ({ call }: { call: number }) => [
      { type: "refusal", call, error: "There is no such file." } as const,
    ];
    const { last } = await machine.run(program, { answer: refuse });
    expect(last).toMatchObject({ type: "returned", result: "There is no such file." });
  });

  test("is called with what it is run with, whatever that holds, and nothing of it is run", async () => {
    const input = JSON.parse('{"__proto__":{"x":1},"text":"\\"); throw 1; (\\"\\u2028`$"}');
    const { last } = await machine.run("async (input) => [Object.keys(input), input.text, input.x ?? null]", { input });
    expect(last).toMatchObject({
      type: "returned",
      result: [["__proto__", "text"], '"); throw 1; ("\u2028`$', null],
    });
    const without = await machine.run("async (...all) => all.length");
    expect(without.last).toMatchObject({ type: "returned", result: 0 });
  });

  test("may end in a comment", async () => {
    expect((await machine.run("async () => 1 // one")).last).toMatchObject({ type: "returned", result: 1 });
  });

  test("finds nothing of the run before", async () => {
    await machine.run("async () => { globalThis.kept = 1; Object.prototype.kept = 1; }");
    const { last } = await machine.run("async () => [globalThis.kept ?? null, ({}).kept ?? null]");
    expect(last).toMatchObject({ result: [null, null] });
  });

  test("that asks for more tool calls than it may is stopped", async () => {
    const { calls, last } = await machine.run("async () => { for (;;) await workspace.read({}); }");
    expect(calls).toHaveLength(codemodeLimits.callsMax);
    expect(last).toMatchObject({ type: "stopped", reason: "calls" });
  });

  test("that returns more than it may is stopped", async () => {
    const { last } = await machine.run(`async () => "x".repeat(${codemodeLimits.outputBytesMax})`);
    expect(last).toMatchObject({ type: "stopped", reason: "output" });
  });

  test("hands no more to a tool than it may", async () => {
    const { calls, last } = await machine.run(
      `async () => workspace.read({ x: "x".repeat(${codemodeLimits.outputBytesMax}) })`,
    );
    expect(calls).toEqual([]);
    expect(last).toMatchObject({ type: "threw", error: expect.stringContaining("1 MiB") });
  });

  test("that waits for ever is stopped when its time is over", async () => {
    const { last } = await machine.run("async () => new Promise(() => {})");
    expect(last).toMatchObject({ type: "stopped", reason: "time" });
  });
});

describe("an escape by", () => {
  test.each(escapes)("$name leads nowhere", async ({ program, ends }) => {
    const { calls, last } = await machine.run(program.replaceAll("PORT", String(machine.port)));
    expect(calls).toEqual([]);
    if ("threw" in ends) expect(last).toMatchObject({ type: "threw", error: expect.stringMatching(ends.threw) });
    else expect(last).toMatchObject({ type: "returned", result: ends.returned });
  });

  test("a key that is not the worker's opens no run", async () => {
    for (const authorization of ["", "Bearer ", "Bearer key-of-the-machine-in-its-own-testz"])
      expect(await machine.run("async () => 1", { authorization })).toEqual({ calls: [], last: null });
  });
});

describe("the machine is killed from outside, and is there again for the next run, after", () => {
  test.each([
    ["a loop without end", "async () => { while (true) {} }", "silent"],
    [
      "bytes without end",
      "async () => { const kept = []; for (;;) { kept.push(new Uint8Array(2 ** 24).fill(1)); await scheduler.wait(5); } }",
      "memory",
    ],
  ])("%s", async (_, program, why) => {
    const before = machine.told.length;
    expect(await machine.run(program)).toEqual({ calls: [], last: null });
    await machine.ready();
    const told = machine.told.slice(before);
    expect(told).toContainEqual({ event: "codemode.killed", detail: why });
    expect((await machine.run("async () => 1")).last).toMatchObject({ type: "returned", result: 1 });
  });
});

/** What was killed, and why, since so many things were told. */
const killedSince = (before: number) =>
  machine.told
    .slice(before)
    .filter(({ event }) => event === "codemode.killed")
    .map(({ detail }) => detail);

/** A program that computes from its first call on, and what resolves once it has begun to. */
const computing = (run: string) => {
  const begun = Promise.withResolvers<void>();
  const answer = ({ call, input }: { readonly call: number; readonly input: unknown }) => {
    begun.resolve();
    return [{ type: "answer", call, result: input as null } as const];
  };
  const ended = machine.run("async () => { await workspace.read(); while (true) {} }", { run, answer });
  return { begun: begun.promise, ended };
};

describe("a run that a person has stopped", () => {
  test("is ended while it computes, long before its own limit, by the word of the worker alone", async () => {
    const before = machine.told.length;
    const { begun, ended } = computing("stopped");
    await begun;
    expect(await machine.tellStop("stopped", "Bearer somebody-else-who-has-guessed-a-key")).toBe(401);
    expect(await machine.tellStop("another")).toBe(204);
    expect(await machine.tellStop("stopped")).toBe(204);
    expect((await ended).last).toBeNull();
    expect(killedSince(before)).toEqual(["stopped"]);
  });

  test("leaves a process that answers as it is", async () => {
    const before = machine.told.length;
    const running = machine.run("async () => { await scheduler.wait(2_000); return 1; }", { run: "patient" });
    expect(await machine.tellStop("patient")).toBe(204);
    expect((await running).last).toMatchObject({ type: "returned", result: 1 });
    expect(killedSince(before)).toEqual([]);
  });
});

describe("the runs beside", () => {
  /** Programs that wait for an answer, all of them begun. */
  const waiting = async (count: number, thread: string) => {
    const open = Promise.withResolvers<void>();
    const begun: Promise<void>[] = [];
    const ended = Array.from({ length: count }, (_, at) => {
      const first = Promise.withResolvers<void>();
      begun.push(first.promise);
      return machine.run("async () => { const a = await workspace.read(); await scheduler.wait(1); return a; }", {
        ...{ run: `${thread} ${at}`, thread },
        answerLater: async ({ call }) => {
          first.resolve();
          await open.promise;
          return { type: "answer", call, result: at };
        },
      });
    });
    await Promise.all(begun);
    return { release: () => open.resolve(), ended: Promise.all(ended) };
  };

  test("one that is ended for computing without end come to their own end", async () => {
    const before = machine.told.length;
    const { release, ended } = await waiting(4, "patient");
    expect(await machine.run("async () => { while (true) {} }")).toEqual({ calls: [], last: null });
    release();
    expect((await ended).map(({ last }) => last)).toEqual(
      [0, 1, 2, 3].map((result) => ({ type: "returned", result, logs: [] })),
    );
    expect(killedSince(before)).toEqual(["silent"]);
  });

  test("one that is ended because it holds too much come to their own end", async () => {
    const before = machine.told.length;
    const { release, ended } = await waiting(2, "patient");
    const greedy =
      "async () => { const kept = []; for (;;) { kept.push(new Uint8Array(2 ** 24).fill(1)); await scheduler.wait(5); } }";
    expect(await machine.run(greedy)).toEqual({ calls: [], last: null });
    release();
    expect((await ended).map(({ last }) => last?.type)).toEqual(["returned", "returned"]);
    expect(killedSince(before)).toEqual(["memory"]);
  });

  test("more than there may be processes share one with others of their thread", async () => {
    const { release, ended } = await waiting(codemodeLimits.placesMax - 1, "many");
    const alone = await waiting(1, "alone");
    const more = await waiting(3, "many");
    const { begun, ended: stopped } = computing("one of many");
    await begun;
    await machine.tellStop("one of many");
    await stopped;
    alone.release();
    release();
    more.release();
    expect((await alone.ended).map(({ last }) => last?.type)).toEqual(["returned"]);
    await Promise.all([ended, more.ended]);
  });
});

test("what a program leaves behind does not reach the next one", async () => {
  const leaving = "async () => { setTimeout(() => { for (;;) {} }, 20); Promise.resolve().then(() => {}); return 1; }";
  for (let at = 0; at < 5; at += 1) {
    expect((await machine.run(leaving)).last).toMatchObject({ type: "returned", result: 1 });
    expect((await machine.run("async () => { await scheduler.wait(50); return 2; }")).last).toMatchObject({
      result: 2,
    });
  }
});

test("a thousand fresh isolates one after the other find nothing of each other, and the machine answers", async () => {
  const program =
    "async () => { const seen = globalThis.seen ?? 0; globalThis.seen = seen + 1; Array.prototype.kept = 1; return seen; }";
  for (let at = 0; at < 1_000; at += 1)
    expect((await machine.run(`${program} // ${at}`)).last).toMatchObject({ type: "returned", result: 0 });
});
