import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, startFixture, watch } from "../server.testing.ts";
import { firstModification, modificationsOf, RawClient } from "./raw-client.testing.ts";

const add = (queryId: number, udfPath: string, args: unknown) => ({ type: "Add", queryId, udfPath, args: [args] });
const modify = (baseVersion: number, modifications: readonly unknown[]) => ({
  type: "ModifyQuerySet",
  baseVersion,
  newVersion: baseVersion + 1,
  modifications,
});
const counters = (count: number, from = 0) =>
  Array.from({ length: count }, (_, position) =>
    add(from + position, "counters:get", { name: `counter ${from + position}` }),
  );

describe("one session", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  const open = async (): Promise<RawClient> => {
    const client = new RawClient(fixture.url);
    await client.connect(crypto.randomUUID());
    return client;
  };

  test("watches 256 queries; those beyond fail with the reason until there is room, and others go on", async () => {
    const client = await open();
    await client.send(modify(0, counters(300)));
    const modifications = modificationsOf(await client.next("Transition"));
    const failed = modifications.filter(({ type }) => type === "QueryFailed");
    expect(modifications.filter(({ type }) => type === "QueryUpdated")).toHaveLength(256);
    expect(failed).toHaveLength(44);
    expect(failed[0]).toMatchObject({ errorMessage: "RateLimited: A session watches at most 256 queries." });

    await client.send(modify(1, [{ type: "Remove", queryId: 0 }, ...counters(1, 300)]));
    const [, updated] = modificationsOf(await client.next("Transition"));
    expect(updated).toMatchObject({ type: "QueryUpdated", queryId: 300, value: 0 });
    expect(await fixture.http().query(api.counters.get, { name: "x" })).toBe(0);
    client.close();
  });

  test("that asks for queries without end is ended", async () => {
    const client = await open();
    await client.send(modify(0, counters(1_100)));
    expect((await client.next("FatalError")).error).toContain("Too many queries");
    expect((await client.closed).code).toBe(1008);
  });

  test("that asks with arguments without end is ended", async () => {
    const client = await open();
    const name = "x".repeat(6 << 20);
    for (const version of [0, 1, 2]) {
      await client.send(modify(version, [add(version, "nothing:there", { name: `${version}${name}` })]));
    }
    expect((await client.next("FatalError")).error).toContain("arguments of a session's queries are too large");
  });

  test("watches 64 MiB of results; queries beyond fail with the reason, and small ones go on", async () => {
    const client = fixture.client();
    const large = [0, 1, 2, 3, 4, 5].map((position) =>
      watch(client, api.values.size, { length: (15 << 20) + position }),
    );
    const told = Promise.all(
      large.map((one) => Promise.race([one.until(() => true).then(() => null), one.untilError()])),
    );
    const refusals = (await told).filter((error) => error !== null);
    expect(refusals).toHaveLength(2);
    expect(String(refusals[0])).toContain("RateLimited: The results of the queries that a session watches");
    expect(await watch(client, api.counters.get, { name: "small" }).until(() => true)).toBe(0);
  });

  test("may not say more of itself than a session needs", async () => {
    const client = new RawClient(fixture.url);
    await client.connect("x".repeat(1 << 17));
    expect((await client.next("FatalError")).error).toContain("first message is too large");
  });

  test("that asks for a thousand mutations at once has each answered, in order", async () => {
    const client = await open();
    for (let requestId = 0; requestId < 1_000; requestId += 1) {
      await client.send({ type: "Mutation", requestId, udfPath: "counters:increment", args: [{ name: "burst" }] });
    }
    for (let requestId = 0; requestId < 1_000; requestId += 1) {
      expect(await client.next("MutationResponse")).toMatchObject({ requestId, success: true, result: requestId + 1 });
    }
    client.close();
  });

  test("that does not read is not sent state after state, and comes to the last one when it reads", async () => {
    const thread = "unread";
    for (const body of ["a", "b"])
      await fixture.http().mutation(api.messages.send, { thread, body: body.repeat(900_000) });
    const socket = new WebSocket(`${fixture.url.replace("http", "ws")}/api/1.48.0/sync`);
    await new Promise((resolve) => socket.on("open", resolve));
    socket.send(JSON.stringify({ type: "Connect", sessionId: crypto.randomUUID() }));
    socket.send(JSON.stringify(modify(0, [add(0, "messages:bodies", { thread })])));
    socket.pause();
    const written = 60;
    for (let count = 0; count < written; count += 1) {
      await fixture.http().mutation(api.messages.send, { thread, body: String(count) });
    }
    let states = 0;
    const last = new Promise<void>((resolve) => {
      socket.on("message", (data) => {
        const message = JSON.parse(data.toString());
        if (message.type !== "Transition") return;
        states += 1;
        const { value } = firstModification(message);
        if (Array.isArray(value) && value.length === written + 2) resolve();
      });
    });
    socket.resume();
    await last;
    // The network itself may hold a few.
    expect(states).toBeLessThan(written / 2);
    socket.close();
  });
});

test("a socket that does not say who it is is closed, and one that does stays", async () => {
  const fixture = await startFixture({ connectTimeoutMs: 100 });
  const [silent, connected] = [new RawClient(fixture.url), new RawClient(fixture.url)];
  await connected.connect(crypto.randomUUID());
  expect((await silent.closed).code).toBe(1008);
  await connected.send(modify(0, counters(1)));
  expect(firstModification(await connected.next("Transition")).value).toBe(0);
  connected.close();
  await fixture.close();
});

test("what all clients watch is bounded together: the largest answer is given up, and everybody else goes on", async () => {
  const fixture = await startFixture({ answersSizeMax: 8 << 20 });
  const [greedy, modest, late] = [fixture.client(), fixture.client(), fixture.client()];
  const large = watch(greedy, api.values.size, { length: 5 << 20 });
  await large.until(() => true);
  const small = watch(modest, api.counters.get, { name: "shared" });
  await small.until(() => true);
  const second = watch(late, api.values.size, { length: 4 << 20 });
  await second.until(() => true);
  expect(String(await large.untilError())).toContain("takes too much memory");
  await fixture.http().mutation(api.counters.increment, { name: "shared" });
  await small.until((value) => value === 1);
  expect(await watch(greedy, api.counters.get, { name: "other" }).until(() => true)).toBe(0);
  await fixture.close();
});
