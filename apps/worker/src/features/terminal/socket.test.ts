import { closeCode } from "@threadbox/contracts/errors";
import { Generation, TerminalId } from "@threadbox/contracts/ids";
import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { Effect, ManagedRuntime } from "effect";
import { TestClock } from "effect/testing";
import { describe, expect, test } from "vitest";
import { newThreadId } from "../../testing/tokens.testing.ts";
import type { SandboxClient } from "../sandbox/index.ts";
import { openCodeAlone } from "../sandbox/sandbox-client.testing.ts";
import { makePtys } from "./pty.ts";
import { openTerminalSocket, type Right } from "./socket.ts";

const id = TerminalId.make("pty_1");

/** A page at a terminal; the test plays the terminal. */
class World {
  readonly heard: (string | Record<string, unknown>)[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #close: (event: { readonly code: number; readonly reason: string }) => void = () => undefined;
  /** The terminal's ends of its sockets, in the order in which they were asked for, and the paths of all requests. */
  readonly terminals: WebSocket[] = [];
  readonly typed: string[] = [];
  readonly asked: { readonly path: string; readonly body: unknown }[] = [];
  answer: () => Response = () => Response.json({ id, title: "t", status: "exited", exitCode: 1 });
  right: Right = "holds";
  #page: WebSocket | null = null;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  readonly #sandbox: SandboxClient = {
    threadId: newThreadId(),
    generation: Generation.make(1),
    provider: "local",
    fetch: (path, init) =>
      Effect.sync(() => {
        this.asked.push({ path, body: typeof init?.body === "string" ? JSON.parse(init.body) : null });
        return this.answer();
      }),
    connect: (path) =>
      Effect.sync(() => {
        this.asked.push({ path, body: null });
        const [ours, theirs] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
        theirs.accept();
        theirs.addEventListener("message", ({ data }) => void this.typed.push(String(data)));
        this.terminals.push(theirs);
        return ours;
      }),
    ...openCodeAlone,
    markActivity: () => Effect.void,
  };

  async open(position = 0) {
    // No time passes, so that an allowance holds what it held.
    const response = await ManagedRuntime.make(TestClock.layer()).runPromise(
      openTerminalSocket({ ptys: makePtys(this.#sandbox), id, position, right: Effect.sync(() => this.right) }),
    );
    const page = response.webSocket;
    if (page === null) throw new Error("no socket");
    page.binaryType = "arraybuffer";
    page.accept();
    page.addEventListener(
      "message",
      ({ data }) =>
        void this.heard.push(
          typeof data === "string" ? data : JSON.parse(new TextDecoder().decode(data as ArrayBuffer)),
        ),
    );
    page.addEventListener("close", (event) => this.#close(event));
    this.#page = page;
    await expect.poll(() => this.terminals.length).toBe(1);
    return this;
  }

  say(frame: unknown) {
    this.#page?.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  leave() {
    this.#page?.close(1000, "");
  }

  /** What the terminal printed before the page came; it began at `cursor - text.length`. */
  replay(text: string, cursor: number) {
    const terminal = this.terminals.at(-1);
    if (text !== "") terminal?.send(text);
    terminal?.send(new TextEncoder().encode(`\0${JSON.stringify({ cursor })}`));
  }

  print(text: string) {
    this.terminals.at(-1)?.send(text);
  }

  get heardLength() {
    return this.heard.reduce((sum, said) => sum + (typeof said === "string" ? said.length : 0), 0);
  }
}

describe("a terminal's socket", () => {
  test("brings what was printed earlier, then what is printed, and takes what is typed", async () => {
    const world = await new World().open();
    world.replay("$ ", 2);
    world.print("hello");
    await expect.poll(() => world.heard).toEqual([{ type: "from", position: 0, liveFrom: 2 }, "$ ", "hello"]);
    world.say({ type: "input", text: "ls\r" });
    world.say({ type: "input", text: "\u0003" });
    await expect.poll(() => world.typed).toEqual(["ls\r", "\u0003"]);
    world.leave();
  });

  test("asks from where the page stopped, in the thread's workspace", async () => {
    const world = await new World().open(4321);
    expect(world.asked[0]?.path).toBe("/pty/pty_1/connect?cursor=4321&directory=%2Fworkspace");
    world.leave();
  });

  test("tells the terminal the newest size", async () => {
    const world = await new World().open();
    world.answer = () => Response.json({ id, title: "t", status: "running" });
    world.say({ type: "size", size: { columns: 120, rows: 40 } });
    const sizes = () => world.asked.map(({ body }) => body).filter((body) => body !== null);
    await expect.poll(sizes).toEqual([{ size: { cols: 120, rows: 40 } }]);
    world.leave();
  });

  test("A71: a flood is let go of until the page has caught up; then its newest part is asked for", async () => {
    const world = await new World().open();
    world.replay("", 0);
    const piece = "y".repeat(64 * 1024);
    for (let count = 0; count < 64; count += 1) world.print(piece);
    await expect.poll(() => world.heardLength).toBe(terminalLimits.windowLength);
    // A key that is pressed meanwhile is not lost.
    world.say({ type: "input", text: "\u0003" });
    world.say({ type: "taken", position: terminalLimits.windowLength });
    await expect.poll(() => world.terminals.length).toBe(2);
    expect(world.asked.at(-1)?.path).toContain(`cursor=${terminalLimits.windowLength}&`);
    await expect.poll(() => world.typed).toEqual(["\u0003"]);
    world.replay("the end", 9_000_000);
    await expect
      .poll(() => world.heard.slice(-2))
      .toEqual([{ type: "from", position: 8_999_993, liveFrom: 9_000_000 }, "the end"]);
    world.leave();
  });

  test("says with what code its shell ended", async () => {
    const world = await new World().open();
    world.terminals[0]?.close(1000, "");
    expect(await world.closed).toMatchObject({ code: 1000 });
    expect(world.heard).toEqual([{ type: "exited", exitCode: 1 }]);
  });

  test("says that it has ended where it was closed from elsewhere", async () => {
    const world = await new World().open();
    world.answer = () => new Response("{}", { status: 404 });
    world.terminals[0]?.close(4404, "");
    expect(await world.closed).toMatchObject({ code: 1000 });
    expect(world.heard).toEqual([{ type: "exited", exitCode: null }]);
  });

  test("that only breaks is to be opened again: its shell goes on", async () => {
    const world = await new World().open();
    world.answer = () => Response.json({ id, title: "t", status: "running" });
    world.terminals[0]?.close(1011, "");
    expect(await world.closed).toMatchObject({ code: closeCode.upstream });
    expect(world.heard).toEqual([]);
  });

  test("ends with its sandbox", async () => {
    const world = await new World().open();
    world.terminals[0]?.close(closeCode.generationChanged, "<b>words of a sandbox</b>");
    const { code, reason } = await world.closed;
    expect({ code, reason }).toEqual({
      code: closeCode.generationChanged,
      reason: "The sandbox was restarted or went to sleep.",
    });
  });

  test("A15: ends with the right to its thread", async () => {
    const world = new World();
    world.right = "lost";
    await world.open();
    expect(await world.closed).toMatchObject({ code: closeCode.auth });
  });

  test("lets go of the terminal when the page goes", async () => {
    const world = await new World().open();
    const gone = new Promise((resolve) => world.terminals[0]?.addEventListener("close", resolve));
    world.leave();
    await gone;
  });
});

describe("A71: what no page and no terminal says", () => {
  test.each([
    "",
    "ls",
    "[]",
    '{"type":"exec","command":"id"}',
    '{"type":"size","size":{"columns":0,"rows":1}}',
    '{"type":"size","size":{"columns":1e9,"rows":1}}',
    JSON.stringify({ type: "input", text: "x".repeat(terminalLimits.inputLengthMax + 1) }),
  ])("ends the socket before the terminal hears of it: %.40s", async (frame) => {
    const world = await new World().open();
    world.say(frame);
    expect(await world.closed).toMatchObject({ code: 1008 });
    expect(world.typed).toEqual([]);
  });

  test("more frames than a person makes are refused", async () => {
    const world = await new World().open();
    for (let count = 0; count < 3_000; count += 1) world.say({ type: "taken", position: 0 });
    expect(await world.closed).toMatchObject({ code: closeCode.rateLimited });
  });

  test.each(["\u0001{}", '\0{"cursor":-1}', "\0nonsense", '\0{"cursor":1e400}'])(
    "an end of the replay that cannot be: %j",
    async (text) => {
      const world = await new World().open();
      world.print("abc");
      world.terminals[0]?.send(new TextEncoder().encode(text));
      world.terminals[0]?.send(new TextEncoder().encode("\0nonsense"));
      expect(await world.closed).toMatchObject({ code: closeCode.upstream });
      expect(world.heard).toEqual([]);
    },
  );

  test("a replay without an end is broken off", async () => {
    const world = await new World().open();
    for (let count = 0; count < 5; count += 1) world.print("x".repeat(1024 * 1024));
    expect(await world.closed).toMatchObject({ code: closeCode.upstream });
  });
});
