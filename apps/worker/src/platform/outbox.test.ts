import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Effect, Layer } from "effect";
import { TestClock } from "effect/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../testing/tokens.testing.ts";
import { ConvexClient, type ConvexError, ConvexFunctionError, ConvexUnavailableError } from "./convex-client.ts";
import { memoryOutboxRows } from "./outbox.testing.ts";
import { type Debt, Outbox, type OutboxRows } from "./outbox.ts";
import { durableOutboxRows } from "./outbox-rows.ts";

/** What becomes of one call: taken; taken but its answer is lost; not reached; the worker's token or role refused; or the agent is lost while it waits. */
type Fate = "taken" | "answer lost" | "down" | "token refused" | "role refused" | "crash after" | "crash before";

class Crash extends Error {}

interface Content {
  readonly subject: string;
  readonly value: number;
  readonly isPoison: boolean;
  readonly sequence: number;
}
// What is inside a row is of no interest to an outbox: here it is what the test wants to see again.
const contentOf = (args: object): Content => args as Content;

/** Convex as the outbox sees it: a row is applied once, and never after a later one of its subject. */
const makeConvex = () => {
  const applied: { subject: string; value: number }[] = [];
  const last = new Map<string, number>();
  const tries: number[] = [];
  const silentFor = new Set<string>();
  let fates: Fate[] = [];
  let isHealthy = false;
  const apply = (subject: string, value: number, sequence: number) => {
    if (sequence <= (last.get(subject) ?? 0)) return;
    last.set(subject, sequence);
    applied.push({ subject, value });
  };
  const layer = Layer.succeed(ConvexClient, {
    query: () => Effect.die("An outbox asks nothing."),
    mutation: (path, args) =>
      Effect.suspend((): Effect.Effect<boolean, ConvexError> => {
        const { subject, value, isPoison, sequence } = contentOf(args);
        const fate = isHealthy ? "taken" : (fates.shift() ?? "taken");
        tries.push(value);
        if (silentFor.has(subject)) return Effect.fail(new ConvexUnavailableError({ path, cause: "status 500" }));
        if (fate === "down") return Effect.fail(new ConvexUnavailableError({ path, cause: "down" }));
        if (fate === "token refused")
          return Effect.fail(new ConvexFunctionError({ path, tag: null, detail: "status 401", status: 401 }));
        if (fate === "role refused")
          return Effect.fail(new ConvexFunctionError({ path, tag: "Forbidden", detail: "no" }));
        if (fate === "crash before") return Effect.die(new Crash());
        if (isPoison) return Effect.fail(new ConvexFunctionError({ path, tag: "ValidationError", detail: "no" }));
        apply(subject, value, sequence);
        if (fate === "answer lost") return Effect.fail(new ConvexUnavailableError({ path, cause: "lost" }));
        return fate === "crash after" ? Effect.die(new Crash()) : Effect.succeed(true);
      }),
  });
  return {
    applied,
    tries,
    silentFor,
    layer,
    suffer: (next: readonly Fate[]) => {
      fates = [...next];
    },
    heal: () => {
      isHealthy = true;
    },
  };
};

type Owed = { subject: string; isPoison: boolean };
// The same the other way round: no function of Convex takes these.
const debt = (args: Readonly<Record<string, unknown>>, path: Debt["path"] = "messages:project") =>
  ({ path, args: args as object }) as Debt;
const arbitraryRow = fc.record({ subject: fc.constantFrom("a", "b", "c"), isPoison: fc.boolean() });
const arbitraryFate = fc.constantFrom<Fate>(
  "taken",
  "answer lost",
  "down",
  "token refused",
  "role refused",
  "crash after",
  "crash before",
);
const arbitraryRun = fc.array(
  fc.record({ rows: fc.array(arbitraryRow, { maxLength: 4 }), fates: fc.array(arbitraryFate, { maxLength: 6 }) }),
  {
    maxLength: 5,
  },
);

const owe = (rows: OutboxRows, value: number, { subject, isPoison }: Owed) =>
  rows.add(subject, debt({ subject, value, isPoison }));

describe("an outbox", () => {
  test("delivers every row once in effect and in order, whatever fails; poison is set aside and holds up nobody else", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRun, async (run) => {
        const convex = makeConvex();
        const rows = memoryOutboxRows();
        const owed: (Owed & { value: number })[] = [];
        await Effect.runPromise(
          Effect.gen(function* () {
            for (const step of run) {
              for (const row of step.rows) {
                owe(rows, owed.length, row);
                owed.push({ ...row, value: owed.length });
              }
              convex.suffer(step.fates);
              // Whoever was lost is followed by another over the same rows.
              yield* Effect.exit(new Outbox(rows).drain);
              yield* TestClock.adjust("1 minute");
            }
            convex.heal();
            const outbox = new Outbox(rows);
            for (const isFirst of [true, false]) {
              if (!isFirst)
                for (let tries = 0; tries < 200 && rows.counts().owed > 0; tries++) {
                  yield* outbox.drain;
                  yield* TestClock.adjust("1 minute");
                }
              else yield* outbox.drain;
              const blocked = new Set(
                isFirst ? owed.filter(({ isPoison }) => isPoison).map(({ subject }) => subject) : [],
              );
              for (const subject of ["a", "b", "c"]) {
                if (blocked.has(subject)) continue;
                const values = owed.filter((row) => row.subject === subject && !row.isPoison).map(({ value }) => value);
                const got = convex.applied.filter((row) => row.subject === subject).map(({ value }) => value);
                expect(got).toEqual(values);
              }
            }
          }).pipe(Effect.provide(Layer.mergeAll(convex.layer, TestClock.layer()))),
        );
        expect(rows.counts().owed).toBe(0);
        const poison = owed.filter(({ isPoison }) => isPoison).map(({ value }) => value);
        expect(rows.setAsideRows.map(({ args }) => contentOf(args).value).sort()).toEqual(poison.sort());
        for (const value of poison)
          expect(convex.tries.filter((tried) => tried === value).length).toBeGreaterThanOrEqual(10);
      }),
    );
  });

  const run = <A>(effect: Effect.Effect<A, never, ConvexClient>, convex: ReturnType<typeof makeConvex>) =>
    Effect.runPromise(effect.pipe(Effect.provide(Layer.mergeAll(convex.layer, TestClock.layer()))));

  test("keeps everything while Convex cannot be reached, and asks ever more seldom, at least once a minute", async () => {
    const convex = makeConvex();
    const rows = memoryOutboxRows();
    owe(rows, 0, { subject: "a", isPoison: false });
    convex.suffer(Array.from({ length: 50 }, () => "down" as const));
    const outbox = new Outbox(rows);
    const waits = [outbox.nextAt(0)];
    for (let tries = 0; tries < 50; tries++) {
      await run(outbox.drain, convex);
      waits.push(outbox.nextAt(0));
    }
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000));
    expect(outbox.counts()).toEqual({ owed: 1, setAside: 0 });
    await run(outbox.drain, convex);
    expect(outbox.nextAt(0)).toBeNull();
  });

  test.each(["token refused", "role refused"] as const)(
    "sets nothing aside while Convex does not take the worker itself: %s",
    async (fate) => {
      const convex = makeConvex();
      const rows = memoryOutboxRows();
      owe(rows, 0, { subject: "a", isPoison: false });
      owe(rows, 1, { subject: "b", isPoison: false });
      convex.suffer(Array.from({ length: 50 }, () => fate));
      const outbox = new Outbox(rows);
      for (let tries = 0; tries < 50; tries++) await run(outbox.drain, convex);
      expect(outbox.counts()).toEqual({ owed: 2, setAside: 0 });
      await run(outbox.drain, convex);
      expect(convex.applied.map(({ value }) => value)).toEqual([0, 1]);
    },
  );

  test("lets no row that alone gets no answer hold up those of others, and gives up neither", async () => {
    const convex = makeConvex();
    const rows = memoryOutboxRows();
    const outbox = new Outbox(rows);
    for (const subject of ["a", "b"]) convex.silentFor.add(subject);
    for (const [value, subject] of ["a", "b", "c", "a", "d"].entries()) owe(rows, value, { subject, isPoison: false });
    await run(
      Effect.gen(function* () {
        for (let drains = 0; drains < 3; drains++) yield* outbox.drain;
        expect(convex.applied.map(({ subject }) => subject)).toEqual(["c", "d"]);
        const silentNextAt = outbox.nextAt(0);
        owe(rows, 5, { subject: "e", isPoison: false });
        expect([silentNextAt, outbox.nextAt(0)]).toEqual([5_000, 1_000]);
        for (let drains = 0; drains < 30; drains++) {
          yield* outbox.drain;
          yield* TestClock.adjust("1 minute");
        }
        convex.silentFor.clear();
        yield* outbox.drain;
      }),
      convex,
    );
    const taken = convex.applied.map(({ value }) => value);
    expect(taken.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(convex.applied.flatMap(({ subject, value }) => (subject === "a" ? [value] : []))).toEqual([0, 3]);
    expect(outbox.counts()).toEqual({ owed: 0, setAside: 0 });
  });

  test("says what it sets aside, after ten tries that are apart from each other", async () => {
    const convex = makeConvex();
    const rows = memoryOutboxRows();
    owe(rows, 0, { subject: "a", isPoison: true });
    const outbox = new Outbox(rows);
    const told = await run(
      Effect.gen(function* () {
        const answers = [];
        for (let tries = 0; tries < 10; tries++) {
          answers.push(...(yield* outbox.drain), ...(yield* outbox.drain));
          yield* TestClock.adjust("1 minute");
        }
        return answers;
      }),
      convex,
    );
    expect(told).toMatchObject([{ row: { path: "messages:project" }, tag: "ValidationError" }]);
    expect(convex.tries).toHaveLength(10);
  });

  test("gives only the latest of what replaces itself", async () => {
    const rows = memoryOutboxRows();
    for (const value of [1, 2]) rows.replace("a", debt({ value }, "sandboxes:report"));
    expect(rows.next(new Set())?.args).toEqual({ value: 2 });
    expect(rows.counts().owed).toBe(1);
  });
});

describe("the outbox of a Durable Object", () => {
  test("delivers what an older version has left in its storage, before what comes now, and counts on", async () => {
    const convex = makeConvex();
    await runInDurableObject(env.THREAD_SANDBOX.getByName(newThreadId()), async (_, { storage }) => {
      storage.sql.exec("drop table if exists outbox");
      storage.sql.exec(
        "create table outbox (sequence integer primary key autoincrement, path text not null, args text not null)",
      );
      const old = JSON.stringify({ subject: "a", value: 0, isPoison: false });
      storage.sql.exec("insert into outbox (path, args) values ('messages:project', ?)", old);
      const rows = durableOutboxRows(storage);
      rows.add("", debt({ subject: "a", value: 1, isPoison: false }));
      expect(rows.next(new Set())).toMatchObject({ sequence: 1, subject: "" });
      await Effect.runPromise(new Outbox(rows).drain.pipe(Effect.provide(convex.layer)));
      expect(convex.applied.map(({ value }) => value)).toEqual([0, 1]);
      expect(durableOutboxRows(storage).counts()).toEqual({ owed: 0, setAside: 0 });
    });
  });

  test("does as the one in memory does", async () => {
    const command = fc.oneof(
      fc.record({
        op: fc.constantFrom("add" as const, "replace" as const),
        subject: fc.constantFrom("a", "b"),
        value: fc.nat(9),
      }),
      fc.record({
        op: fc.constantFrom("remove" as const, "postpone" as const, "setAside" as const),
        subject: fc.constantFrom("a", "b"),
        value: fc.nat(9),
      }),
    );
    await runInDurableObject(env.THREAD_SANDBOX.getByName(newThreadId()), async (_, { storage }) => {
      fc.assert(
        fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
          storage.sql.exec("drop table if exists outbox");
          const both = [memoryOutboxRows(), durableOutboxRows(storage)];
          for (const { op, subject, value } of commands) {
            for (const rows of both) {
              const head = rows.next(new Set([subject]));
              if (op === "add" || op === "replace") rows[op](subject, debt({ value }));
              else if (head !== null && op === "postpone") rows.postpone(head.sequence, value, value);
              else if (head !== null && op === "setAside") rows.setAside(head.sequence, value);
              else if (head !== null) rows.remove(head.sequence);
            }
            const [memory, durable] = both.map((rows) => [
              rows.next(new Set()),
              rows.next(new Set(["a"])),
              rows.counts(),
            ]);
            expect(durable).toEqual(memory);
          }
        }),
        { numRuns: 40 },
      );
    });
  });
});
