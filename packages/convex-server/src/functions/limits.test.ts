import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, startFixture } from "../server.testing.ts";

describe("what a function may use", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ isDevelopment: true });
  });
  afterAll(() => fixture.close());

  test("a nested mutation within the budget that it was given counts as the outer one's", async () => {
    const { ended, written, left } = await fixture
      .http()
      .mutation(api.limits.within, { count: 3, budget: 3, fails: false });
    expect({ ended, written, total: written + left }).toEqual({ ended: "in time", written: 3, total: 16_000 });
  });

  test("one beyond its budget is undone, counts for nothing, and leaves the outer one its own", async () => {
    const outcome = await fixture.http().mutation(api.limits.within, { count: 4, budget: 3, fails: false });
    expect(outcome).toEqual({
      ended: expect.stringContaining("Wrote too many documents in a single function execution (limit: 3)"),
      written: 0,
      left: 16_000,
    });
  });

  test("a budget beyond the limit is the limit", async () => {
    const outcome = await fixture.http().mutation(api.limits.within, { count: 16_001, budget: 99_999, fails: false });
    expect(outcome.ended).toContain("(limit: 16000)");
  });

  test("what a nested mutation has written before it failed doesn't count", async () => {
    const outcome = await fixture.http().mutation(api.limits.within, { count: 5, fails: true });
    expect(outcome).toEqual({ ended: expect.stringContaining("all of it is undone"), written: 0, left: 16_000 });
  });

  test("a document has 16 levels at most, a result 64", async () => {
    expect(await fixture.http().mutation(api.limits.nest, { levels: 16 })).toBeNull();
    await expect(fixture.http().mutation(api.limits.nest, { levels: 17 })).rejects.toThrow(/maximum 16 levels/);
    expect(await fixture.http().query(api.limits.nestResult, { levels: 64 })).toHaveLength(1);
    await expect(fixture.http().query(api.limits.nestResult, { levels: 65 })).rejects.toThrow(/maximum 64 levels/);
  });

  test("the arguments of one scheduled function have 4 MiB at most", async () => {
    const roomOfNames = 64;
    expect(await fixture.http().mutation(api.limits.scheduleText, { length: (4 << 20) - roomOfNames })).toBeNull();
    await expect(fixture.http().mutation(api.limits.scheduleText, { length: 4 << 20 })).rejects.toThrow(
      /arguments of a scheduled function are too large/,
    );
  });

  test.each(["$money", "über", "tab\there", "_own", "x".repeat(1_025)])("a field can't be named %j", async (name) => {
    await expect(fixture.http().mutation(api.limits.storeField, { name })).rejects.toThrow(/[Ff]ield/);
  });

  test("text that is no Unicode is refused, wherever it comes from", async () => {
    await expect(fixture.http().mutation(api.limits.storeHalf, {})).rejects.toThrow(/unpaired surrogate/);
    const response = await fetch(`${fixture.url}/api/mutation`, {
      method: "POST",
      body: '{"path":"limits:take","args":{"text":"\\ud83d"}}',
    });
    expect(await response.json()).toMatchObject({ errorMessage: expect.stringContaining("unpaired surrogate") });
    expect(await fixture.http().mutation(api.limits.take, { text: "\u{1f600}" })).toBeNull();
  });
});
