import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import type { Id } from "../../fixture/_generated/dataModel.js";
import { type Fixture, startFixture } from "../server.testing.ts";

describe("the server's own tables", () => {
  let fixture: Fixture;
  let job: Id<"_scheduled_functions">;
  let message: Id<"messages">;
  beforeAll(async () => {
    fixture = await startFixture({ isDevelopment: true });
    job = await fixture.http().mutation(api.jobs.addLater, { name: "later", delayMs: 3_600_000 });
    message = await fixture.http().mutation(api.messages.send, { thread: "t", body: "b" });
  });
  afterAll(() => fixture.close());

  test("are read by db.system alone, and by it nothing else", async () => {
    const said = await fixture.http().query(api.system.readWrongly, { job, message });
    expect(Object.keys(said).length).toBe(4);
    expect(Object.entries(said).filter(([, outcome]) => outcome === "read")).toEqual([]);
  });

  test("are written by nobody", async () => {
    const { writers, ...said } = await fixture.http().mutation(api.system.writeWrongly, { job });
    expect(Object.entries(said).filter(([, outcome]) => outcome === "written")).toEqual([]);
    expect(writers).toBe("");
  });

  test("may be referred to by documents of users", async () => {
    expect(await fixture.http().mutation(api.system.refer, { job })).toMatchObject({ job });
  });

  test("values of every type are in Convex's order in an index, a missing one first", async () => {
    const values = [
      ...[null, -(2n ** 63n), -1n, 0n, 34n, Number.NEGATIVE_INFINITY, -1.5, -0, 0, 34, Number.POSITIVE_INFINITY],
      ...[Number.NaN, false, true, "", "a", "a\u0000", "b", "\u{1f600}"],
      ...[new ArrayBuffer(0), new Uint8Array([1]).buffer, [], [null], ["a"], {}, { a: 1 }, { a: 1, b: 0 }, { b: 0 }],
    ];
    const shuffled = values.toSorted((a, b) => String(a).localeCompare(String(b)));
    const ascending = await fixture.http().mutation(api.system.inOrder, { values: shuffled, order: "asc" });
    expect(ascending).toEqual(["(missing)", ...values]);
    const descending = await fixture.http().mutation(api.system.inOrder, { values: shuffled, order: "desc" });
    expect(descending).toEqual(["(missing)", ...values].toReversed());
  });
});
