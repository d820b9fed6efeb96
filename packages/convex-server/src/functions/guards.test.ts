import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, signToken, startFixture, watch } from "../server.testing.ts";

const { guards } = api;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const times = <Result>(count: number, call: () => Promise<Result>): Promise<Result[]> =>
  Array.from({ length: count }).reduce<Promise<Result[]>>(
    async (before) => [...(await before), await call()],
    Promise.resolve([]),
  );

describe("what a call leaves in a module or a global", () => {
  test.each([
    ["query", () => fixture.http().query(guards.callsInQuery, {})],
    ["mutation", () => fixture.http().mutation(guards.callsInMutation, {})],
    ["action", () => fixture.http().action(guards.callsInAction, {})],
  ])("a module begins anew for every %s", async (_, call) => {
    expect(await times(5, call)).toEqual([1, 1, 1, 1, 1]);
  });

  test("a function that is called by another of its module has state of its own", async () => {
    expect(await fixture.http().mutation(guards.callsAround, {})).toEqual([1, 1, 2]);
  });

  const changed = ["a method of arrays", "a global", "at", "max"];
  test.each([
    [
      "query",
      () => fixture.http().query(guards.changeInQuery, {}),
      () => fixture.http().query(guards.tracesInQuery, {}),
    ],
    [
      "mutation",
      () => fixture.http().mutation(guards.changeInMutation, {}),
      () => fixture.http().mutation(guards.tracesInMutation, {}),
    ],
  ])("a changed prototype and a new global last for one %s", async (_, change, look) => {
    for (const [before, after] of await times(3, async () => [await change(), await look()])) {
      expect(before).toEqual(changed);
      expect(after).toEqual([]);
    }
  });

  test("a changed prototype lasts for one action", async () => {
    expect(await fixture.http().action(guards.changeInAction, {})).toContain("a method of arrays");
    const left = await fixture.http().action(guards.tracesInAction, {});
    expect(left.filter((trace) => ["a method of arrays", "at", "max"].includes(trace))).toEqual([]);
  });

  test("a class of the web cannot be changed in a query", async () => {
    await expect(fixture.http().query(guards.changeWebClass, {})).rejects.toThrow("Server Error");
    expect(await fixture.http().query(guards.webClasses, {})).toContain("bytes");
  });

  test("what cannot be undone costs its thread, and nobody a call", async () => {
    expect(await times(3, () => fixture.http().query(guards.freeze, {}))).toEqual(
      Array.from({ length: 3 }, () => ["a frozen prototype"]),
    );
    expect(await fixture.http().query(guards.tracesInQuery, {})).toEqual([]);
  });
});

describe("chance and time", () => {
  test("a query is given the same numbers for the same arguments and state", async () => {
    const ask = (about: string) => fixture.http().query(guards.chance, { about });
    const [first, second, other] = [await ask("a"), await ask("a"), await ask("b")];
    expect(second).toEqual(first);
    expect(new Set([...first, ...other]).size).toBe(6);
    expect(first.every((number) => number >= 0 && number < 1)).toBe(true);
  });

  test("everybody who watches a query sees the same numbers", async () => {
    const [one, two] = [fixture.client(), fixture.client()].map((client) =>
      watch(client, guards.chance, { about: "shared" }),
    );
    expect(await one?.until(() => true)).toEqual(await two?.until(() => true));
  });

  test("no two mutations are given the same numbers", async () => {
    const numbers = await times(3, () => fixture.http().mutation(guards.chanceInMutation, {}));
    expect(new Set(numbers.flat()).size).toBe(9);
  });

  test("while modules are evaluated chance and time are the same for every call", async () => {
    const client = fixture.http();
    const seen = [
      ...(await times(3, () => client.query(guards.atImport, {}))),
      await client.mutation(guards.atImportInMutation, {}),
    ];
    expect(new Set(seen.map((values) => JSON.stringify(values))).size).toBe(1);
  });
});

describe("what is there", () => {
  test("queries and mutations see nothing of Node", async () => {
    expect(await fixture.http().query(guards.hostGlobals, {})).toEqual([]);
  });

  test("queries have the classes of the web that Convex's runtime has", async () => {
    const client = fixture.http();
    client.setAuth(await signToken({ subject: "web" }));
    expect(await client.query(guards.webClasses, {})).toEqual(["bytes", "text", "?q=1", "YQ=="]);
  });
});
