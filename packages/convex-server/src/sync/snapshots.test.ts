import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, signToken, startFixture, watch } from "../server.testing.ts";
import { modificationsOf, RawClient } from "./raw-client.testing.ts";

/** Increments both counters one time after the other until it is told to stop; resolves to how often it did. */
const incrementsOf = (fixture: Fixture, names: string[]): { stop(): Promise<number> } => {
  let isStopped = false;
  const run = async (): Promise<number> => {
    let count = 0;
    for (; !isStopped; count += 1) await fixture.http().mutation(api.counters.incrementBoth, { names });
    return count;
  };
  const done = run();
  return {
    stop() {
      isStopped = true;
      return done;
    },
  };
};

describe("while commits never pause", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  test("slow queries of one session go on being shown, always of one state", async () => {
    const names = ["left", "right"];
    const increments = incrementsOf(fixture, names);
    const client = new RawClient(fixture.url);
    await client.connect(crypto.randomUUID());
    // Each reads both counters far apart; none is done before the next commit.
    const add = (queryId: number, args: unknown) => ({
      type: "Add",
      queryId,
      udfPath: "counters:readTwice",
      args: [args],
    });
    const modifications = [add(0, { names }), add(1, { names: [...names].reverse() }), add(2, { names: ["left"] })];
    await client.send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications });
    const shown = new Map<number, string>();
    for (let changes = 0; changes < 6; changes += 1) {
      for (const { queryId, value } of modificationsOf(await client.nextChange())) shown.set(queryId, String(value));
      const [both, reversed, one] = [0, 1, 2].map((queryId) => shown.get(queryId)?.split(","));
      expect(new Set([...(both ?? []), ...(reversed ?? []), ...(one ?? [])]).size).toBe(1);
    }
    client.close();
    expect(await increments.stop()).toBeGreaterThan(0);
  });

  test("what a session was shown last is the last state, once they do pause", async () => {
    const names = ["first", "second"];
    const reader = fixture.client();
    const seen = watch(reader, api.counters.readTwice, { names });
    await seen.until((values) => values.length === 2);
    const increments = incrementsOf(fixture, names);
    await seen.until(([first = 0]) => first > 2);
    const count = await increments.stop();
    expect(await seen.until(([first = 0]) => first === count)).toEqual([count, count]);
    expect(seen.values.filter(([first, second]) => first !== second)).toEqual([]);
  });

  test("a client that changes what it watches sees its own mutation when it resolves", async () => {
    const names = ["own", "other"];
    const increments = incrementsOf(fixture, names);
    const client = fixture.client();
    const own = watch(client, api.counters.get, { name: "mine" });
    const slow = watch(client, api.counters.readTwice, { names });
    await slow.until((values) => values.length === 2);
    for (const expected of [1, 2, 3]) {
      await client.mutation(api.counters.increment, { name: "mine" });
      expect(own.last).toBe(expected);
    }
    await increments.stop();
  });

  test("an answer that depends on who asks is shown to nobody else, however often it is overtaken", async () => {
    const increments = incrementsOf(fixture, ["a", "b"]);
    const subjects = ["ada", "grace"];
    const shown = await Promise.all(
      subjects.map(async (subject) => {
        const client = fixture.client();
        client.setAuth(() => signToken({ subject }));
        const mine = watch(client, api.viewer.sometimesMine, { counter: "a" });
        await mine.until((value) => value === subject);
        return new Set(mine.values.filter((value) => value !== "everybody" && value !== "nobody"));
      }),
    );
    expect(shown).toEqual([new Set(["ada"]), new Set(["grace"])]);
    await increments.stop();
  });
});
