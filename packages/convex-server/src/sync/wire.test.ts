import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { api } from "../../fixture/_generated/api.js";
import { type Fixture, startFixture, testOrigin } from "../server.testing.ts";
import { encodeTimestamp } from "../values/timestamp.ts";
import { addQuery, firstModification, RawClient } from "./raw-client.testing.ts";

interface Version {
  readonly ts: string;
  readonly querySet: number;
  readonly identity: number;
}

describe("the sync protocol on the wire", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
  });
  afterAll(() => fixture.close());

  const open = async (sessionId: string = crypto.randomUUID()): Promise<RawClient> => {
    const client = new RawClient(fixture.url);
    await client.connect(sessionId);
    return client;
  };

  test("every transition starts where the one before ended", async () => {
    const client = await open();
    await client.send(addQuery(0, 0, "messages:bodies", { thread: "chain" }));
    await client.next("Transition");
    for (const requestId of [0, 1, 2]) {
      await client.send({
        type: "Mutation",
        requestId,
        udfPath: "messages:send",
        args: [{ thread: "chain", body: "x" }],
      });
      await client.next("Transition");
    }
    const transitions = client.received.filter(({ type }) => type === "Transition");
    const [first] = transitions;
    expect(first?.startVersion).toEqual({ querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" });
    for (const [index, { startVersion }] of transitions.slice(1).entries()) {
      expect(startVersion).toEqual(transitions[index]?.endVersion);
    }
    client.close();
  });

  test("a mutation is answered before the transition that shows its write", async () => {
    const client = await open();
    await client.send(addQuery(0, 0, "messages:bodies", { thread: "order" }));
    await client.next("Transition");
    await client.send({
      type: "Mutation",
      requestId: 0,
      udfPath: "messages:send",
      args: [{ thread: "order", body: "x" }],
    });
    await client.next("Transition");
    expect(client.received.map(({ type }) => type)).toEqual(["Transition", "MutationResponse", "Transition"]);
    client.close();
  });

  test("a mutation that changes nothing watched is followed by an empty transition past its timestamp", async () => {
    const client = await open();
    await client.send({
      type: "Mutation",
      requestId: 0,
      udfPath: "messages:send",
      args: [{ thread: "quiet", body: "x" }],
    });
    const response = await client.next("MutationResponse");
    const transition = await client.next("Transition");
    expect(transition.modifications).toEqual([]);
    const { ts }: Version = JSON.parse(JSON.stringify(transition.endVersion));
    expect(Buffer.from(ts, "base64").readBigUInt64LE()).toBeGreaterThanOrEqual(
      Buffer.from(String(response.ts), "base64").readBigUInt64LE(),
    );
    client.close();
  });

  test("a request that is sent again gets the first answer and has no second effect", async () => {
    const sessionId = crypto.randomUUID();
    const mutation = { type: "Mutation", requestId: 7, udfPath: "counters:increment", args: [{ name: "replayed" }] };
    const first = await open(sessionId);
    await first.send(mutation);
    const answer = await first.next("MutationResponse");
    first.close();
    await fixture.restart();
    const second = await open(sessionId);
    await second.send(mutation);
    expect(await second.next("MutationResponse")).toEqual(answer);
    await second.next("Transition");
    expect(await fixture.http().query(api.counters.get, { name: "replayed" })).toBe(1);
    second.close();
  });

  test("a mutation that failed is run again when it is sent again", async () => {
    const client = await open();
    const mutation = {
      type: "Mutation",
      requestId: 0,
      udfPath: "messages:refuse",
      args: [{ code: { $integer: "AQAAAAAAAAA=" } }],
    };
    await client.send(mutation);
    const first = await client.next("MutationResponse");
    await client.send(mutation);
    const second = await client.next("MutationResponse");
    expect([first.success, second.success]).toEqual([false, false]);
    expect(second.result).not.toBe(first.result);
    client.close();
  });

  test("a query that is removed is told as removed", async () => {
    const client = await open();
    await client.send(addQuery(0, 4, "messages:bodies", { thread: "gone" }));
    await client.next("Transition");
    await client.send({
      type: "ModifyQuerySet",
      baseVersion: 1,
      newVersion: 2,
      modifications: [{ type: "Remove", queryId: 4 }],
    });
    expect((await client.next("Transition")).modifications).toEqual([{ type: "QueryRemoved", queryId: 4 }]);
    client.close();
  });

  test("a page keeps its bounds when rows are added to it", async () => {
    const thread = "pages";
    for (let order = 0; order < 5; order += 1) {
      await fixture.http().mutation(api.messages.send, { thread, body: `m${order}`, order });
    }
    const client = await open();
    const paginationOpts = { numItems: 2, cursor: null };
    await client.send(addQuery(0, 0, "messages:page", { thread, paginationOpts }));
    const page = firstModification(await client.next("Transition"));
    expect(bodiesOf(page.value)).toEqual(["m4", "m3"]);
    expect(page.journal).toEqual(expect.any(String));
    await client.send({
      type: "Mutation",
      requestId: 0,
      udfPath: "messages:send",
      args: [{ thread, body: "m5", order: 5 }],
    });
    await client.next("MutationResponse");
    expect(bodiesOf(firstModification(await client.next("Transition")).value)).toEqual(["m5", "m4", "m3"]);
    client.close();

    const again = await open();
    await again.send(addQuery(0, 0, "messages:page", { thread, paginationOpts }, page.journal));
    expect(bodiesOf(firstModification(await again.next("Transition")).value)).toEqual(["m5", "m4", "m3"]);
    again.close();
  });

  test("a mutation that follows a first page at once does not change where the page ends", async () => {
    const thread = "hasty";
    for (let order = 0; order < 3; order += 1) {
      await fixture.http().mutation(api.messages.send, { thread, body: `m${order}`, order });
    }
    const client = await open();
    await client.send(addQuery(0, 0, "messages:pageSlowly", { thread, paginationOpts: { numItems: 2, cursor: null } }));
    await client.send({
      type: "Mutation",
      requestId: 0,
      udfPath: "messages:send",
      args: [{ thread, body: "m3", order: 3 }],
    });
    await client.next("MutationResponse");
    expect(bodiesOf(firstModification(await client.next("Transition")).value)).toEqual(["m3", "m2", "m1"]);
    client.close();
  });

  test("a timestamp that a client saw before is never gone below", async () => {
    const client = new RawClient(fixture.url);
    const ahead = BigInt(Date.now() + 60_000) * 1_000_000n;
    await client.connect(crypto.randomUUID(), { maxObservedTimestamp: encodeTimestamp(ahead) });
    await client.send(addQuery(0, 0, "messages:bodies", { thread: "time" }));
    const { ts }: Version = JSON.parse(JSON.stringify((await client.next("Transition")).endVersion));
    expect(Buffer.from(ts, "base64").readBigUInt64LE()).toBeGreaterThanOrEqual(ahead);
    client.close();
  });

  test("a timestamp far in the future is refused instead of believed", async () => {
    const client = new RawClient(fixture.url);
    await client.connect(crypto.randomUUID(), { maxObservedTimestamp: encodeTimestamp((1n << 63n) - 1n) });
    expect((await client.closed).code).toBe(1011);
  });

  test.each([
    ["no JSON", "nonsense"],
    ["an unknown type", { type: "Surprise" }],
    ["a message before Connect", addQuery(0, 0, "messages:bodies", { thread: "x" })],
    ["a malformed field", { type: "Connect", sessionId: 5 }],
  ])("%s is a fatal error", async (_, message) => {
    const client = new RawClient(fixture.url);
    await client.send(message);
    await client.next("FatalError");
    expect((await client.closed).code).toBe(1008);
  });

  test("a query set that builds on another version is a fatal error", async () => {
    const client = await open();
    await client.send(addQuery(3, 0, "messages:bodies", { thread: "x" }));
    expect((await client.next("FatalError")).error).toContain("base version 3, expected 0");
  });

  test.each([
    ["http://evil.test", false],
    [testOrigin, true],
  ])("a WebSocket from %s is let in: %s", async (origin, isLetIn) => {
    const socket = new WebSocket(`${fixture.url.replace("http", "ws")}/api/1.48.0/sync`, { origin });
    const opened = await new Promise<boolean>((resolve) => {
      socket.on("open", () => resolve(true));
      socket.on("error", () => resolve(false));
    });
    socket.close();
    expect(opened).toBe(isLetIn);
  });

  test.each(["//", "///", "http://[", "//[::1", "*", "/api/sync/../x", "\u0080"])(
    "an upgrade to %s is refused, and the server goes on",
    async (target) => {
      const { hostname, port } = new URL(fixture.url);
      const socket = connect(Number(port), hostname);
      const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\n${upgrade}\r\nSec-WebSocket-Key: x\r\n\r\n`, "latin1");
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[04] /);
      expect((await fetch(`${fixture.url}/health`)).status).toBe(200);
    },
  );
});

const bodiesOf = (page: unknown): string[] => (page as { page: { body: string }[] }).page.map(({ body }) => body);
