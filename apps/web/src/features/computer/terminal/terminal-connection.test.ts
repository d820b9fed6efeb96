import { closeCode } from "@threadbox/contracts/errors";
import { TerminalId } from "@threadbox/contracts/ids";
import type { Terminal, TerminalEventFrame } from "@threadbox/contracts/terminal";
import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { describe, expect, test } from "vitest";
import { WireFailure } from "../../errors/index.ts";
import { type LineState, TerminalConnection } from "./terminal-connection.ts";

/** What follows by itself; the limit only ends what hangs. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

class Socket extends EventTarget {
  binaryType = "";
  readonly sent: { readonly type: string; readonly text?: string; readonly position?: number }[] = [];
  isClosed = false;
  send(frame: string) {
    this.sent.push(JSON.parse(frame));
  }
  close() {
    this.isClosed = true;
  }
  /** Output, or an event. */
  say(data: string | TerminalEventFrame) {
    const content = typeof data === "string" ? new TextEncoder().encode(data).buffer : JSON.stringify(data);
    this.dispatchEvent(new MessageEvent("message", { data: content }));
  }
  end(code: number) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

/** A page at a terminal, with the worker, the screen and the clock in the test's hands. */
class World {
  readonly states: LineState[] = [];
  readonly sockets: Socket[] = [];
  readonly asked: number[] = [];
  readonly screen: string[] = [];
  readonly delays: number[] = [];
  wait: (() => void) | null = null;
  found: Terminal | null = {
    id: TerminalId.make("pty_1"),
    title: "t",
    status: "running",
    exitCode: null,
  };
  refusal: WireFailure | null = null;
  /** Called when what was written is on the screen; at once where the test does not hold it. */
  drawn: (() => void)[] | null = null;

  readonly connection = new TerminalConnection({
    address: async (position) => {
      this.asked.push(position);
      if (this.refusal !== null) throw this.refusal;
      return "ws://worker.test/";
    },
    forgetToken: () => undefined,
    probe: async () => {
      if (this.refusal !== null) throw this.refusal;
      return this.found;
    },
    sink: {
      write: (output, drawn) => {
        this.screen.push(new TextDecoder().decode(output));
        if (this.drawn === null) drawn();
        else this.drawn.push(drawn);
      },
      skip: (count) => this.screen.push(`<${count} skipped>`),
      clear: () => this.screen.push("<clear>"),
    },
    onState: (state) => this.states.push(state),
    openSocket: () => {
      const socket = new Socket();
      this.sockets.push(socket);
      // Of a socket, the connection uses what the double has too.
      return socket as unknown as WebSocket;
    },
    later: (callback, ms) => {
      this.delays.push(ms);
      this.wait = callback;
      return () => undefined;
    },
  });

  get socket() {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("no socket");
    return socket;
  }

  async open(position = 0, liveFrom = position) {
    this.connection.start();
    await soon(() => this.sockets.length).toBe(1);
    this.socket.say({ type: "from", position, liveFrom });
    return this;
  }

  async passWait(sockets: number) {
    await soon(() => this.wait).not.toBeNull();
    this.wait?.();
    this.wait = null;
    await soon(() => this.sockets.length).toBe(sockets);
  }
}

const typed = ({ sent }: Socket) => sent.filter(({ type }) => type === "input").map(({ text }) => text);

test("what comes is drawn, what is typed is sent, and the worker knows the size", async () => {
  const world = new World();
  world.connection.resize({ columns: 80, rows: 24 });
  await world.open();
  world.socket.say("$ ");
  world.connection.input("ls\r");
  expect(world.screen).toEqual(["$ "]);
  expect(world.socket.sent).toEqual([
    { type: "size", size: { columns: 80, rows: 24 } },
    { type: "input", text: "ls\r" },
  ]);
  expect(world.states).toEqual([{ kind: "open" }]);
});

test("what is typed before the terminal is open waits for it", async () => {
  const world = new World();
  world.connection.start();
  world.connection.input("l");
  world.connection.input("s\r");
  await soon(() => world.sockets.length).toBe(1);
  world.socket.say({ type: "from", position: 0, liveFrom: 0 });
  expect(typed(world.socket)).toEqual(["ls\r"]);
});

test("a long paste is sent in pieces that a frame holds, no character cut in two", async () => {
  const world = await new World().open();
  const text = `x${"😀".repeat(terminalLimits.inputLengthMax)}`;
  world.connection.input(text);
  const pieces = typed(world.socket);
  expect(pieces.join("")).toBe(text);
  for (const piece of pieces) {
    expect(piece?.length).toBeLessThanOrEqual(terminalLimits.inputLengthMax);
    expect(piece).not.toMatch(/\p{Cs}/u);
  }
});

test("A71: what the emulator answers to output of earlier is not typed into what runs now", async () => {
  const world = new World();
  world.drawn = [];
  await world.open(0, 4);
  world.socket.say("\u001b[6n");
  world.connection.input("\u001b[1;1R");
  for (const drawn of world.drawn) drawn();
  world.connection.input("a");
  expect(typed(world.socket)).toEqual(["a"]);
});

test("positions count bytes, not characters", async () => {
  const world = await new World().open();
  world.socket.say("é");
  world.socket.end(1006);
  await world.passWait(2);
  expect(world.asked).toEqual([0, 2]);
});

test("the worker hears what is drawn, not what has come", async () => {
  const world = new World();
  world.drawn = [];
  await world.open(100);
  world.socket.say("x".repeat(terminalLimits.takenEvery));
  const taken = () => world.socket.sent.filter(({ type }) => type === "taken").map(({ position }) => position);
  expect(taken()).toEqual([]);
  world.drawn[0]?.();
  expect(taken()).toEqual([100 + terminalLimits.takenEvery]);
});

describe("a connection that is lost", () => {
  test("is opened again from where it stopped, and nothing is drawn twice", async () => {
    const world = await new World().open();
    world.socket.say("12345");
    world.socket.end(closeCode.restart);
    await world.passWait(2);
    expect(world.asked).toEqual([0, 5]);
    world.socket.say({ type: "from", position: 5, liveFrom: 8 });
    world.socket.say("678");
    expect(world.screen).toEqual(["12345", "678"]);
    expect(world.states.map(({ kind }) => kind)).toEqual(["open", "reconnecting", "open"]);
  });

  test("waits longer each time, and begins anew after a success", async () => {
    const world = await new World().open();
    world.socket.end(1006);
    await world.passWait(2);
    world.socket.end(1006);
    await world.passWait(3);
    world.socket.say({ type: "from", position: 0, liveFrom: 0 });
    world.socket.end(1006);
    await world.passWait(4);
    const [first = 0, second = 0, third] = world.delays;
    expect(second).toBeGreaterThan(first);
    expect(third).toBe(first);
  });

  test("says how much it missed for good", async () => {
    const world = await new World().open();
    world.socket.say("12345");
    world.socket.end(1006);
    await world.passWait(2);
    world.socket.say({ type: "from", position: 1_000, liveFrom: 1_000 });
    expect(world.screen.at(-1)).toBe("<995 skipped>");
  });

  test("does not wait any longer when the network is back", async () => {
    const world = await new World().open();
    world.socket.end(1006);
    await soon(() => world.wait).not.toBeNull();
    world.connection.retryNow();
    await soon(() => world.sockets.length).toBe(2);
  });
});

describe("a session that has ended", () => {
  test("says with what code", async () => {
    const world = await new World().open();
    world.socket.say({ type: "exited", exitCode: 3 });
    world.socket.end(1000);
    expect(world.states.at(-1)).toEqual({ kind: "ended", exitCode: 3 });
  });

  test("says so once what it printed last is drawn", async () => {
    const world = await new World().open();
    world.drawn = [];
    world.socket.say("bye");
    world.socket.say({ type: "exited", exitCode: 130 });
    expect(world.states.at(-1)).toEqual({ kind: "open" });
    for (const drawn of world.drawn) drawn();
    expect(world.states.at(-1)).toEqual({ kind: "ended", exitCode: 130 });
  });

  test("with its sandbox is gone", async () => {
    const world = await new World().open();
    world.socket.end(closeCode.generationChanged);
    expect(world.states.at(-1)).toEqual({ kind: "gone" });
  });

  test("while nobody was connected is looked up, and not asked for again", async () => {
    const world = await new World().open();
    world.found = { id: TerminalId.make("pty_1"), title: "t", status: "exited", exitCode: 0 };
    world.socket.end(1006);
    await soon(() => world.states.at(-1)).toEqual({ kind: "ended", exitCode: 0 });
    expect(world.sockets).toHaveLength(1);
  });

  test("and is not there any more is gone", async () => {
    const world = await new World().open();
    world.found = null;
    world.socket.end(1006);
    await soon(() => world.states.at(-1)).toEqual({ kind: "gone" });
  });
});

test("who may not open it is told so, and does not ask again", async () => {
  const world = new World();
  world.refusal = new WireFailure("NotFound", "No.");
  world.connection.start();
  await soon(() => world.states.at(-1)?.kind).toBe("refused");
  expect(world.wait).toBeNull();
});

test("a connection that is stopped stays stopped", async () => {
  const world = await new World().open();
  const { socket } = world;
  world.connection.stop();
  socket.say("late");
  socket.end(1006);
  expect(socket.isClosed).toBe(true);
  expect(world.screen).toEqual([]);
  expect(world.states).toEqual([{ kind: "open" }]);
});
