import * as fs from "node:fs";
import * as net from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { backlogBytesMax, windowBytes } from "./protocol.ts";
import { openTestServer } from "./terminals.testing.ts";

/** What follows by itself; the limit only ends what hangs. */
const soon = <A>(look: () => A) => expect.poll(look, { timeout: 30_000 });

let server: Awaited<ReturnType<typeof openTestServer>>;
beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

/** How many of the processes with this word in their command line run. */
const running = (word: string): number =>
  fs.readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word);
    } catch {
      return false;
    }
  }).length;

describe("a terminal", () => {
  test("runs what is typed, on a terminal of the size that it was told", async () => {
    const reader = await server.read((await server.open()).id);
    await soon(() => reader.tail).toContain("$ ");
    reader.say({ type: "size", size: { columns: 101, rows: 33 } });
    reader.type("stty size; test -t 0 && echo terminal\r");
    await soon(() => reader.tail).toContain("33 101\r\nterminal");
    // The shell may have printed its prompt before it was read.
    expect(reader.events).toEqual([{ type: "from", position: 0, liveFrom: expect.any(Number) }]);
  });

  test("sends what was printed again from any position, to as many as read it", async () => {
    const { id } = await server.open();
    const first = await server.read(id);
    first.type("echo one-$((40 + 2))\r");
    await soon(() => first.tail).toContain("one-42");
    const again = await server.read(id);
    await soon(() => again.tail).toContain("one-42");
    const position = first.bytes;
    const later = await server.read(id, { position });
    expect(later.events[0]).toMatchObject({ type: "from", position });
    first.type("echo two-$((40 + 2))\r");
    for (const reader of [first, again, later]) await soon(() => reader.tail).toContain("two-42");
    expect(later.tail).not.toContain("one-42");
  });

  test("of another position than it ever had is sent from its beginning", async () => {
    const { id } = await server.open();
    const reader = await server.read(id, { position: 9_999_999 });
    await soon(() => reader.events).toEqual([{ type: "from", position: 0, liveFrom: expect.any(Number) }]);
  });

  test("says with what code its shell ended, and says it again to who comes later", async () => {
    const { id } = await server.open();
    const reader = await server.read(id);
    reader.type("echo last; exit 3\r");
    await soon(() => reader.events.at(-1)).toEqual({ type: "exited", exitCode: 3 });
    await soon(() => reader.closeCode).toBe(1000);
    expect((await server.list()).find((each) => each.id === id)).toMatchObject({ status: "exited", exitCode: 3 });
    const late = await server.read(id);
    await soon(() => late.events.at(-1)).toEqual({ type: "exited", exitCode: 3 });
    expect(late.tail).toContain("last");
  });

  test("takes what runs in it along when it is closed", async () => {
    const { id } = await server.open();
    const reader = await server.read(id);
    reader.type("sleep 4242\r");
    await soon(() => running("4242")).toBe(1);
    await server.ask(`/${id}`, { method: "DELETE" });
    await soon(() => running("4242")).toBe(0);
    await soon(() => reader.events.at(-1)).toEqual({ type: "exited", exitCode: null });
    const late = await server.read(id);
    await soon(() => late.closeCode).toBe(4404);
  });

  test("has the name that it was given last", async () => {
    const { id } = await server.open();
    await server.ask(`/${id}`, { method: "PUT", body: JSON.stringify({ title: "build" }) });
    expect((await server.list()).find((each) => each.id === id)?.title).toBe("build");
  });
});

describe("A71: a flood", () => {
  test("waits for whoever reads it, and what is typed meanwhile arrives", async () => {
    const { id } = await server.open();
    const reader = await server.read(id, { isTaking: false });
    await soon(() => reader.tail).toContain("$ ");
    reader.type("yes\r");
    await soon(() => reader.bytes).toBe(windowBytes);
    reader.type("\u0003");
    reader.isTaking = true;
    reader.take();
    reader.type("echo over-$((40 + 2))\r");
    await soon(() => reader.tail).toContain("over-42");
  });

  test("goes on as it is taken, and nothing of it is lost", async () => {
    const reader = await server.read((await server.open()).id);
    await soon(() => reader.tail).toContain("$ ");
    const length = 16 * 1024 * 1024;
    const before = reader.bytes;
    reader.type(`head -c ${length} /dev/zero | tr '\\0' x; echo; echo end-$((40 + 2))\r`);
    await soon(() => reader.tail).toContain("end-42");
    expect(reader.bytes - before).toBeGreaterThan(length);
    expect(reader.events).toHaveLength(1);
  });

  test("that somebody doesn't follow is skipped for him, and holds nobody else up", async () => {
    const { id } = await server.open();
    const slow = await server.read(id, { isTaking: false });
    const fast = await server.read(id);
    const length = 4 * backlogBytesMax;
    fast.type(`head -c ${length} /dev/zero | tr '\\0' x; echo; echo end-$((40 + 2))\r`);
    await soon(() => fast.tail).toContain("end-42");
    expect(slow.bytes).toBe(windowBytes);
    slow.isTaking = true;
    slow.take();
    await soon(() => slow.tail).toContain("end-42");
    const skipped = slow.events.at(-1);
    expect(skipped).toMatchObject({ type: "from" });
    // What comes is meant for now: keys are not ignored.
    expect(skipped).toMatchObject({ liveFrom: skipped?.type === "from" ? skipped.position : Number.NaN });
    expect(slow.bytes).toBeLessThan(fast.bytes);
  });

  test("that nobody sees goes on slowly: a build ends without anybody looking", async () => {
    const { id } = await server.open();
    const reader = await server.read(id);
    reader.type(`head -c ${windowBytes} /dev/zero | tr '\\0' x; echo > /dev/null; exit 5\r`);
    reader.socket.close();
    const find = async () => (await server.list()).find((each) => each.id === id)?.exitCode;
    await expect.poll(find, { timeout: 30_000 }).toBe(5);
  });
});

describe("A36: nobody without the key", () => {
  test("is answered", async () => {
    const { id } = await server.open();
    for (const authorization of ["", "Bearer ", `Bearer ${"x".repeat(64)}`, "Basic b3BlbmNvZGU6"]) {
      for (const [path, method] of [
        ["", "GET"],
        ["", "POST"],
        [`/${id}`, "DELETE"],
      ] as const) {
        expect((await server.ask(path, { method, headers: { authorization } })).status).toBe(401);
      }
      const socket = new WebSocket(`${server.base.replace("http", "ws")}/${id}/socket`, { headers: { authorization } });
      const refused = new Promise<string>((done) => socket.once("error", ({ message }) => done(message)));
      expect(await refused).toContain("401");
    }
  });

  test.each([
    ["an upgrade", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"],
    ["a request", ""],
  ])("ends the server by %s to an address that is none", async (_, more) => {
    for (const target of ["//", "///:0", "http://[", "/terminals/%"]) {
      const socket = net.connect(Number(new URL(server.base).port), "127.0.0.1");
      socket.end(`GET ${target} HTTP/1.1\r\nHost: terminals\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`);
      const answer: string[] = [];
      for await (const piece of socket) answer.push(String(piece));
      expect(answer.join("")).toMatch(/^HTTP\/1\.1 4/);
    }
    expect(Array.isArray(await server.list())).toBe(true);
  });

  test.each([
    ["a body that is no JSON", "", "POST", "x"],
    ["a title that is none", "", "POST", '{"title":7}'],
    ["a body without end", "", "POST", JSON.stringify({ title: "x".repeat(10_000) })],
  ])("%s opens nothing", async (_, path, method, body) => {
    const before = (await server.list()).length;
    expect((await server.ask(path, { method, body })).status).toBe(400);
    expect(await server.list()).toHaveLength(before);
  });
});
