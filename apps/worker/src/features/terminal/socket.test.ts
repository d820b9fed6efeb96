import { closeCode } from "@threadbox/contracts/errors";
import { Generation, TerminalId } from "@threadbox/contracts/ids";
import type { TerminalEventFrame, TerminalPageFrame } from "@threadbox/contracts/terminal";
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

type Said = string | TerminalEventFrame;

/** A page at a terminal; the test plays the terminal. */
class World {
  /** What the page heard: output as text, events as what they say. */
  readonly heard: Said[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #close: (event: { readonly code: number; readonly reason: string }) => void = () => undefined;
  /** What the terminal heard. */
  readonly frames: TerminalPageFrame[] = [];
  readonly asked: { readonly path: string; readonly init: RequestInit | undefined }[] = [];
  right: Right = "holds";
  #page: WebSocket | null = null;
  #terminal: WebSocket | null = null;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  readonly #sandbox: SandboxClient = {
    ...openCodeAlone,
    threadId: newThreadId(),
    generation: Generation.make(1),
    provider: "local",
    fetch: () => Effect.die("not used"),
    connect: () => Effect.die("not used"),
    connectPort: (port, path, init) =>
      Effect.sync(() => {
        this.asked.push({ path: `${port} ${path}`, init });
        const [ours, theirs] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
        theirs.accept();
        theirs.addEventListener("message", ({ data }) => void this.frames.push(JSON.parse(String(data))));
        this.#terminal = theirs;
        return ours;
      }),
    keyFor: (purpose) => Effect.succeed(`key for ${purpose}`),
    markActivity: () => Effect.void,
  };

  async open(position = 0) {
    // No time passes, so that an allowance holds what it held.
    const response = await ManagedRuntime.make(TestClock.layer()).runPromise(
      openTerminalSocket({
        ptys: makePtys(this.#sandbox),
        id,
        position,
        right: Effect.sync(() => this.right),
        use: Effect.void,
      }),
    );
    const page = response.webSocket;
    if (page === null) throw new Error("no socket");
    page.binaryType = "arraybuffer";
    page.accept();
    page.addEventListener(
      "message",
      ({ data }) =>
        void this.heard.push(
          typeof data === "string" ? JSON.parse(data) : new TextDecoder().decode(data as ArrayBuffer),
        ),
    );
    page.addEventListener("close", (event) => this.#close(event));
    this.#page = page;
    await expect.poll(() => this.#terminal).not.toBeNull();
    return this;
  }

  get terminal() {
    if (this.#terminal === null) throw new Error("no terminal");
    return this.#terminal;
  }

  say(frame: unknown) {
    this.#page?.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  leave() {
    this.#page?.close(1000, "");
  }

  /** The terminal prints this, or tells an event. */
  print(said: Said) {
    this.terminal.send(typeof said === "string" ? new TextEncoder().encode(said) : JSON.stringify(said));
  }

  get heardLength() {
    return this.heard.reduce((sum, said) => sum + (typeof said === "string" ? said.length : 0), 0);
  }
}

describe("a terminal's socket", () => {
  test("brings what was printed, as it was printed, and takes what is typed", async () => {
    const world = await new World().open();
    const from = { type: "from", position: 0, liveFrom: 2 } as const;
    world.print(from);
    world.print("$ ");
    world.print("hello");
    await expect.poll(() => world.heard).toEqual([from, "$ ", "hello"]);
    world.say({ type: "input", text: "ls\r" });
    world.say({ type: "input", text: "\u0003" });
    await expect
      .poll(() => world.frames.map((frame) => frame.type === "input" && frame.text))
      .toEqual(["ls\r", "\u0003"]);
    world.leave();
  });

  test("asks from where the page stopped, with the key of the terminals alone", async () => {
    const world = await new World().open(4321);
    expect(world.asked[0]?.path).toBe("4097 /terminals/pty_1/socket?position=4321");
    expect(world.asked[0]?.init?.headers).toEqual({ authorization: "Bearer key for terminals" });
    world.leave();
  });

  test("tells the terminal the size, and what the page has drawn", async () => {
    const world = await new World().open();
    const frames = [
      { type: "size", size: { columns: 120, rows: 40 } },
      { type: "taken", position: 0 },
    ];
    for (const frame of frames) world.say(frame);
    await expect.poll(() => world.frames).toEqual(frames);
    world.leave();
  });

  test("A71: a terminal that doesn't wait for the page is let go of before it costs memory", async () => {
    const world = await new World().open();
    world.print({ type: "from", position: 0, liveFrom: 0 });
    const piece = "y".repeat(64 * 1024);
    for (let count = 0; count < 64; count += 1) world.print(piece);
    expect(await world.closed).toMatchObject({ code: closeCode.upstream });
    expect(world.heardLength).toBe(terminalLimits.windowBytes);
  });

  test("one that waits goes on as the page draws", async () => {
    const world = await new World().open();
    world.print({ type: "from", position: 0, liveFrom: 0 });
    const window = "y".repeat(terminalLimits.windowBytes);
    world.print(window);
    await expect.poll(() => world.heardLength).toBe(window.length);
    world.say({ type: "taken", position: window.length });
    await expect.poll(() => world.frames).toEqual([{ type: "taken", position: window.length }]);
    world.print(window);
    await expect.poll(() => world.heardLength).toBe(2 * window.length);
    world.leave();
  });

  test("says with what code its shell ended", async () => {
    const world = await new World().open();
    world.print({ type: "exited", exitCode: 1 });
    world.terminal.close(1000, "");
    expect(await world.closed).toMatchObject({ code: 1000 });
    expect(world.heard).toEqual([{ type: "exited", exitCode: 1 }]);
  });

  test("says that it has ended where it was closed from elsewhere", async () => {
    const world = await new World().open();
    world.terminal.close(4404, "");
    expect(await world.closed).toMatchObject({ code: 1000 });
    expect(world.heard).toEqual([{ type: "exited", exitCode: null }]);
  });

  test("that only breaks is to be opened again: its shell goes on", async () => {
    const world = await new World().open();
    world.terminal.close(1011, "");
    expect(await world.closed).toMatchObject({ code: closeCode.upstream });
    expect(world.heard).toEqual([]);
  });

  test("ends with its sandbox", async () => {
    const world = await new World().open();
    world.terminal.close(closeCode.generationChanged, "<b>words of a sandbox</b>");
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
    const gone = new Promise((resolve) => world.terminal.addEventListener("close", resolve));
    world.leave();
    await gone;
  });
});

describe("A46, A71: what no page and no terminal says", () => {
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
    expect(world.frames).toEqual([]);
  });

  test("more frames than a person makes are refused", async () => {
    const world = await new World().open();
    for (let count = 0; count < 3_000; count += 1) world.say({ type: "taken", position: 0 });
    expect(await world.closed).toMatchObject({ code: closeCode.rateLimited });
  });

  test.each([
    "",
    "{}",
    "nonsense",
    '{"type":"from","position":-1,"liveFrom":0}',
    '{"type":"exited","exitCode":"<b>"}',
    `{"type":"exited","exitCode":1${" ".repeat(300)}}`,
  ])("an event that cannot be: %.40s", async (text) => {
    const world = await new World().open();
    world.terminal.send(text);
    expect(await world.closed).toMatchObject({ code: closeCode.upstream });
    expect(world.heard).toEqual([]);
  });

  test("output before the terminal has said where it begins", async () => {
    const world = await new World().open();
    world.print("x");
    expect(await world.closed).toMatchObject({ code: closeCode.upstream });
    expect(world.heard).toEqual([]);
  });
});
