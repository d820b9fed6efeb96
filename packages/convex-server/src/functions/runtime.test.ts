import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { getFunctionName } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, signToken, startFixture, watch } from "../server.testing.ts";

const failureOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "",
    (thrown: unknown) => String(thrown),
  );

describe("a function without an end", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    // Waited out by every test here, and long enough for the functions that do end.
    fixture = await startFixture({ transactionTimeoutMs: 5_000 });
  });
  afterAll(() => fixture.close());

  test("an endless query is ended, and everybody else goes on", async () => {
    expect(await failureOf(fixture.http().query(api.endless.loop, {}))).toContain(
      "timed out (maximum duration: 1s): endless:loop computed for longer.",
    );
    expect(await fixture.http().query(api.counters.get, { name: "calm" })).toBe(0);
    expect(await fixture.http().mutation(api.counters.increment, { name: "calm" })).toBe(1);
  });

  test("an endless mutation is ended and undone, and the next one runs", async () => {
    const endless = failureOf(fixture.http().mutation(api.endless.loopInMutation, {}));
    const next = fixture.http().mutation(api.counters.increment, { name: "after loop" });
    expect(await endless).toContain("timed out");
    expect(await next).toBe(1);
    expect(await fixture.http().query(api.counters.get, { name: "loop" })).toBe(0);
  });

  test("a mutation that never ends is undone and does not hold up the next", async () => {
    const forever = failureOf(fixture.http().mutation(api.endless.waitForever, {}));
    const next = fixture.http().mutation(api.counters.increment, { name: "after forever" });
    expect(await forever).toContain("timed out (maximum duration: 5s): endless:waitForever took longer.");
    expect(await next).toBe(1);
    expect(await fixture.http().query(api.counters.get, { name: "forever" })).toBe(0);
  });

  test("a mutation that finds its thread held by what another left behind is run again, and counts once", async () => {
    for (const expected of [1, 2, 3]) {
      await fixture.http().mutation(api.endless.leaveLoop, {});
      expect(await fixture.http().mutation(api.counters.increment, { name: "left" })).toBe(expected);
    }
  });

  test("a query that is ended while it reads keeps no old state of the database", async () => {
    await fixture.http().mutation(api.counters.increment, { name: "read" });
    expect(await failureOf(fixture.http().query(api.endless.readThenLoop, {}))).toContain("timed out");
    await fixture.http().mutation(api.counters.increment, { name: "read" });
    const connection = new DatabaseSync(join(fixture.stateFolder, "convex.sqlite"));
    const checkpoint = () => connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    await expect.poll(checkpoint).toEqual({ busy: 0, log: 0, checkpointed: 0 });
    connection.close();
  });

  test("many queries at once do not time each other out", async () => {
    const names = ["a", "b", "c"];
    const calls = Array.from({ length: 100 }, () => fixture.http().query(api.counters.readTwice, { names }));
    expect(new Set((await Promise.all(calls)).map(String))).toEqual(new Set(["0,0,0"]));
  });
});

describe("functions that compute all the time", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    // No limit ends them here, so whatever is answered is answered beside them.
    fixture = await startFixture({ transactionCpuMs: 3_600_000, actionTimeoutMs: 3_600_000 });
  });
  afterAll(() => fixture.close());

  test("queries of one user hold up nobody's mutations, subscriptions or queries", async () => {
    const greedy = fixture.http();
    greedy.setAuth(await signToken({ subject: "greedy" }));
    const endless = [0, 1, 2, 3].map(() => failureOf(greedy.query(api.endless.loop, {})));
    const counter = watch(fixture.client(), api.counters.get, { name: "beside" });
    await counter.until((value) => value === 0);
    for (const expected of [1, 2, 3]) {
      expect(await fixture.http().mutation(api.counters.increment, { name: "beside" })).toBe(expected);
      expect(await counter.until((value) => value === expected)).toBe(expected);
      expect(await fixture.http().query(api.counters.get, { name: "beside" })).toBe(expected);
    }
    const state = await Promise.race([...endless, Promise.resolve("still running")]);
    expect(state).toBe("still running");
  });

  test("an action holds up no other action", async () => {
    const endless = failureOf(fixture.http().action(api.endless.loopInAction, {}));
    const read = () => fixture.http().action(api.actions.environment, { name: "TEST_ISSUER" });
    expect(await Promise.all([read(), read(), read(), read(), read(), read()])).toContain("https://issuer.test");
    expect(await Promise.race([endless, Promise.resolve("still running")])).toBe("still running");
  });
});

test("an action that computes past its limit is ended, and actions go on", async () => {
  const fixture = await startFixture({ actionTimeoutMs: 3_000 });
  expect(await failureOf(fixture.http().action(api.endless.loopInAction, {}))).toContain("timed out");
  const text = fixture.http().action(api.actions.environment, { name: "TEST_ISSUER" });
  expect(await text).toBe("https://issuer.test");
  await fixture.close();
});

describe("what functions may do", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ isDevelopment: true });
  });
  afterAll(() => fixture.close());

  test.each([
    ["fetch in a query", api.endless.fetchInQuery, /Can't use fetch\(\) in queries and mutations/],
    ["a timer in a mutation", api.endless.timerInMutation, /Can't use setTimeout\(\) in queries and mutations/],
  ])("%s is refused", async (_, reference, message) => {
    const kind = getFunctionName(reference).includes("Query") ? "query" : "mutation";
    const response = await fetch(`${fixture.url}/api/${kind}`, {
      method: "POST",
      body: JSON.stringify({ path: getFunctionName(reference), args: {} }),
    });
    expect(response.status).toBe(560);
    expect(await response.json()).toMatchObject({ errorMessage: expect.stringMatching(message) });
  });

  test("the clock stands while a query or mutation runs, also for what it calls", async () => {
    const before = Date.now();
    const [first = 0, second, third, text = 0, given] = await fixture.http().query(api.values.clock, {});
    expect([second, third, text]).toEqual([first, first, Math.floor(first / 1000) * 1000]);
    expect(given).toBe(5);
    expect(first).toBeGreaterThanOrEqual(before);
    const [outer, nested] = await fixture.http().mutation(api.values.clockInMutation, {});
    expect(nested).toBe(outer);
    expect(outer).toBeGreaterThanOrEqual(first);
  });

  test("an action that ends its process ends itself alone", async () => {
    const left = fixture
      .http()
      .action(api.nodeActions.leave, {})
      .catch((thrown: unknown) => thrown);
    expect(String(await left)).toContain("replaced before it finished");
    expect(await fixture.http().action(api.nodeActions.digest, { text: "a" })).toMatch(/^ca978112/);
  });

  test("an action may fetch", async () => {
    expect(await fixture.http().action(api.actions.fetchText, { url: `${fixture.url}/version` })).toBe("embedded");
  });

  test("only listed environment variables are visible", async () => {
    const read = (name: string) => fixture.http().action(api.actions.environment, { name });
    expect(await read("TEST_ISSUER")).toBe("https://issuer.test");
    expect(await read("PATH")).toBeNull();
    expect(await read("CONVEX_SITE_URL")).toMatch(/\/http$/);
  });

  test("in development an error tells where it happened, in Convex's form", async () => {
    const thrown = await fixture.http().mutation(api.messages.fail, {}).then(String, String);
    expect(thrown).toMatch(
      /^Error: \[Request ID: [0-9a-f]{16}\] Server Error\nUncaught Error: a detail that only developers may see\n {4}at handler \(\.\.\/convex\/messages\.ts:\d+:\d+\)\n$/,
    );
  });

  test("an error that a package throws tells of its places too", async () => {
    const thrown = await fixture.http().mutation(api.messages.failInLibrary, {}).then(String, String);
    expect(thrown).toMatch(/\n {4}at \S+ \(\.\.\/node_modules\/convex\/src\/values\/\w+\.ts:\d+:\d+\)\n/);
    expect(thrown).toMatch(/\n {4}at handler \(\.\.\/convex\/messages\.ts:\d+:\d+\)\n$/);
    expect(thrown).not.toContain(process.cwd());
  });

  test("arguments that do not fit are told line by line", async () => {
    const wrong = JSON.parse("{}");
    const thrown = await fixture.http().query(api.counters.get, wrong).then(String, String);
    expect(thrown).toMatch(
      /^Error: \[Request ID: [0-9a-f]{16}\] Server Error\nArgumentValidationError: Object is missing the required field `name`[^\n]*\n\nObject: \{\}\nValidator: v\.object\(\{name: v\.string\(\)\}\)\n$/,
    );
  });

  test("in development an HTTP action that fails tells what and where", async () => {
    const response = await fetch(`${fixture.url}/http/broken`);
    expect(await response.json()).toEqual({
      code: expect.stringMatching(/^\[Request ID: [0-9a-f]{16}\] Server Error: Uncaught Error: broken inside$/),
      trace: expect.stringMatching(/^Uncaught Error: broken inside\n {4}at \.\.\/convex\/http\.ts:\d+:\d+\n$/),
    });
  });

  test("in development console lines reach the caller", async () => {
    const response = await fetch(`${fixture.url}/api/mutation`, {
      method: "POST",
      body: JSON.stringify({ path: "messages:fail", args: {} }),
    });
    expect(await response.json()).toMatchObject({ logLines: ["[LOG] 'about to fail' { secret: false }"] });
  });

  test("values of every type come back as they were stored", async () => {
    const value = {
      integer: -(2n ** 63n),
      negativeZero: -0,
      infinity: Number.POSITIVE_INFINITY,
      bytes: new Uint8Array([0, 1, 255]).buffer,
      nested: [{ a: [null, true, "ü\u0000"] }],
    };
    const id = await fixture.http().mutation(api.values.store, { value });
    const loaded = await fixture.http().query(api.values.load, { id });
    expect(loaded).toEqual(value);
    expect(Object.is(loaded.negativeZero, -0)).toBe(true);
  });

  test("a document that does not fit the schema is refused", async () => {
    await expect(fixture.http().mutation(api.values.insertWrong, {})).rejects.toThrow(
      /does not match the schema[\s\S]*\.body/,
    );
  });

  test("a document over a mebibyte is refused", async () => {
    await expect(fixture.http().mutation(api.values.storeText, { length: 1 << 20 })).rejects.toThrow(/too large/);
  });

  test("an id is recognised as one of its table", async () => {
    const id = await fixture.http().mutation(api.messages.send, { thread: "ids", body: "x" });
    expect(await fixture.http().query(api.values.normalize, { id })).toEqual({ message: id, counter: null });
    const other = await fixture.http().mutation(api.values.store, { value: 1 });
    const wrong = JSON.parse(JSON.stringify(other));
    await expect(fixture.http().query(api.messages.get, { id: wrong })).rejects.toThrow(/from table `anything`/);
  });

  test("a patched field set to undefined is removed", async () => {
    const id = await fixture.http().mutation(api.messages.send, { thread: "patch", body: "x", order: 1 });
    await fixture.http().mutation(api.messages.clearOrder, { id });
    expect(await fixture.http().query(api.messages.get, { id })).not.toHaveProperty("order");
  });

  test("a filter finds what an index does not", async () => {
    await fixture.http().mutation(api.messages.send, { thread: "filter", body: "needle" });
    const found = await fixture.http().query(api.messages.withBody, { body: "needle" });
    expect(found.map(({ thread }) => thread)).toEqual(["filter"]);
  });
});
