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

describe("a run that a person has stopped", () => {
  const why = (before: number) => machine.told.slice(before).filter(({ event }) => event === "codemode.killed");

  test("is ended while it computes, long before its own limit, by the word of the worker alone", async () => {
    const before = machine.told.length;
    const running = machine.run("async () => { await workspace.read(); while (true) {} }");
    expect(await machine.tellStop("Bearer somebody-else-who-has-guessed-a-key")).toBe(401);
    expect(await machine.tellStop()).toBe(204);
    // Whichever of both comes first, the machine computes: the second word finds it silent.
    await machine.untilSilent();
    expect(await machine.tellStop()).toBe(204);
    expect((await running).last).toBeNull();
    expect(why(before)).toEqual([{ event: "codemode.killed", detail: "stopped" }]);
    await machine.ready();
  });

  test("leaves a machine that answers as it is, and the runs beside it", async () => {
    const before = machine.told.length;
    const running = machine.run("async () => { await scheduler.wait(2_000); return 1; }");
    expect(await machine.tellStop()).toBe(204);
    expect((await running).last).toMatchObject({ type: "returned", result: 1 });
    expect(why(before)).toEqual([]);
  });
});
