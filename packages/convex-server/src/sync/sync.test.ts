import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, startFixture, watch } from "../server.testing.ts";

describe("the sync protocol, through Convex's own client", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  test("a client sees what another one writes", async () => {
    const [reader, writer] = [fixture.client(), fixture.client()];
    const bodies = watch(reader, api.messages.bodies, { thread: "shared" });
    await bodies.until((value) => value.length === 0);
    await writer.mutation(api.messages.send, { thread: "shared", body: "hello" });
    expect(await bodies.until((value) => value.length > 0)).toEqual(["hello"]);
  });

  test("a write over HTTP reaches subscribers", async () => {
    const bodies = watch(fixture.client(), api.messages.bodies, { thread: "http" });
    await bodies.until((value) => value.length === 0);
    await fixture.http().mutation(api.messages.send, { thread: "http", body: "from a server" });
    expect(await bodies.until((value) => value.length > 0)).toEqual(["from a server"]);
  });

  test("a client's own write is visible when its mutation resolves", async () => {
    const client = fixture.client();
    const bodies = watch(client, api.messages.bodies, { thread: "own" });
    await bodies.until((value) => value.length === 0);
    for (const body of ["one", "two", "three"]) {
      await client.mutation(api.messages.send, { thread: "own", body });
      expect(bodies.last?.at(-1)).toBe(body);
    }
  });

  test("an optimistic update gives way to the server's value without flicker", async () => {
    const client = fixture.client();
    const bodies = watch(client, api.messages.bodies, { thread: "optimistic" });
    await bodies.until((value) => value.length === 0);
    await client.mutation(
      api.messages.send,
      { thread: "optimistic", body: "x" },
      {
        optimisticUpdate: (local, { thread, body }) => {
          const shown = local.getQuery(api.messages.bodies, { thread }) ?? [];
          local.setQuery(api.messages.bodies, { thread }, [...shown, body]);
        },
      },
    );
    expect(bodies.values.filter((value, index) => index > 0 && value.length !== 1)).toEqual([]);
    expect(bodies.last).toEqual(["x"]);
  });

  test("a query is not told of writes outside what it reads", async () => {
    const client = fixture.client();
    const here = watch(client, api.messages.bodies, { thread: "here" });
    await here.until((value) => value.length === 0);
    await client.mutation(api.messages.send, { thread: "elsewhere", body: "x" });
    await client.mutation(api.messages.send, { thread: "here", body: "y" });
    expect(here.values).toEqual([[], ["y"]]);
  });

  test("a failed mutation leaves nothing behind and carries its data", async () => {
    const client = fixture.client();
    const error = await client.mutation(api.messages.refuse, { code: 5n }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConvexError);
    expect((error as ConvexError<{ code: bigint }>).data).toEqual({ code: 5n, reason: "refused" });
    expect(await client.query(api.messages.bodies, { thread: "refused" })).toEqual([]);
  });

  test("a detail of an error stays on the server", async () => {
    const error = await fixture
      .client()
      .mutation(api.messages.fail, {})
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain("Server Error");
    expect(String(error)).not.toContain("detail");
  });

  test("wrong arguments are refused with the reason", async () => {
    const args = JSON.parse('{"thread":"t","body":5}');
    await expect(fixture.client().mutation(api.messages.send, args)).rejects.toThrow(/Path: \.body/);
  });

  test("a result that does not fit its validator is an error of the subscription", async () => {
    const wrong = watch(fixture.client(), api.messages.wrongResult, {});
    expect((await wrong.untilError()).message).toContain("ReturnsValidationError");
  });

  test("internal functions do not exist for clients", async () => {
    const internal = makeFunctionReference<"mutation">("counters:addQuietly");
    await expect(fixture.client().mutation(internal, { name: "x", amount: 1 })).rejects.toThrow(
      /Could not find public function/,
    );
  });

  test("an action runs mutations, queries and other actions", async () => {
    expect(await fixture.client().action(api.actions.addTwice, { name: "by-action" })).toBe(2);
  });

  test("an action catches the data of a mutation that it runs", async () => {
    expect(await fixture.client().action(api.actions.catchRefusal, {})).toEqual({ code: 7n, reason: "refused" });
  });

  test("an action of a Node module uses Node", async () => {
    expect(await fixture.client().action(api.nodeActions.digest, { text: "a" })).toMatch(/^ca978112ca1bbdca/);
  });

  test("a nested mutation that fails is undone alone", async () => {
    expect(await fixture.client().mutation(api.counters.addAround, { name: "nested" })).toEqual({
      inside: 3,
      caught: "undone",
    });
    expect(await fixture.client().query(api.counters.get, { name: "nested" })).toBe(3);
  });

  test("a result of several megabytes arrives in parts", async () => {
    const large = watch(fixture.client(), api.values.size, { length: 7 << 20 });
    expect((await large.until(() => true)).length).toBe(7 << 20);
  });

  test("three hundred concurrent increments of one counter are all counted", async () => {
    const clients = [fixture.client(), fixture.client(), fixture.client()];
    const calls = Array.from({ length: 300 }, (_, index) =>
      clients[index % 3]?.mutation(api.counters.increment, { name: "hot" }),
    );
    const results = await Promise.all(calls);
    expect(new Set(results).size).toBe(300);
    expect(Math.max(...results.map(Number))).toBe(300);
  });

  test("a query that commits overtake never shows a state that never was", async () => {
    const [reader, writer] = [fixture.client(), fixture.client()];
    const names = ["left", "right"];
    const pair = watch(reader, api.counters.readTwice, { names });
    await pair.until(() => true);
    await Promise.all(Array.from({ length: 40 }, () => writer.mutation(api.counters.incrementBoth, { names })));
    await pair.until(([left]) => left === 40);
    expect(pair.values.filter(([left, right]) => left !== right)).toEqual([]);
  });

  test("a reader of many queries goes on seeing changes while commits never pause", async () => {
    const [reader, writer] = [fixture.client(), fixture.client()];
    const names = ["busy0", "busy1", "busy2", "busy3"];
    const slow = names.map((name) => watch(reader, api.counters.readTwice, { names: [name, "busy"] }));
    await Promise.all(slow.map((one) => one.until(() => true)));
    let isStopped = false;
    const writing = (async () => {
      while (!isStopped) await writer.mutation(api.counters.incrementBoth, { names: [...names, "busy"] });
    })();
    await Promise.all(slow.map((one) => one.until(([value]) => Number(value) >= 20)));
    isStopped = true;
    await writing;
    expect(slow.flatMap(({ values }) => values).filter(([own, shared]) => own !== shared)).toEqual([]);
  });
});
