import { closeCode } from "@threadbox/contracts/errors";
import type { TerminalId } from "@threadbox/contracts/ids";
import { Clock, Effect, Fiber, Queue, Schedule } from "effect";
import type { Ptys } from "./pty.ts";
import { end, type Signal, TerminalLine } from "./terminal-line.ts";

/** How often the right to an open terminal is looked at; also what keeps its sandbox awake. */
const lookEvery = "15 seconds";
/** Longest reason of a close, in characters: 123 bytes fit, and a sentence of ours is plain. */
const reasonLengthMax = 120;

export type Right = "holds" | "lost" | "sandboxEnded";

export interface TerminalSocketOptions {
  readonly ptys: Ptys;
  readonly id: TerminalId;
  /** From which position the page wants the output. */
  readonly position: number;
  /** Whether the page may go on, asked again and again while it is there. */
  readonly right: Effect.Effect<Right>;
}

const lost = end(closeCode.auth, "You don't have access to this thread any more.");
const sandboxEnded = end(closeCode.generationChanged, "The sandbox was restarted or went to sleep.");
const broken = end(closeCode.upstream, "");

/** Joins a page to a terminal; it ends with the terminal, with the right to it, or when the page goes. */
export const openTerminalSocket = Effect.fn("openTerminalSocket")(function* (options: TerminalSocketOptions) {
  const { ptys, id, position, right } = options;
  const signals = yield* Queue.unbounded<Signal>();
  const signal = (given: Signal) => void Queue.offerUnsafe(signals, given);
  const [client, page] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
  const clock = yield* Clock.Clock;
  const line = new TerminalLine(page, position, signal, () => clock.currentTimeMillisUnsafe());

  const attach = Effect.suspend(() => ptys.connect(id, line.attach())).pipe(
    Effect.map((terminal) => {
      line.take(terminal);
      return null;
    }),
    Effect.catch(({ _tag, message }) =>
      Effect.succeed(
        _tag === "SandboxInterruptedError" ? sandboxEnded : end(closeCode.upstream, message.slice(0, reasonLengthMax)),
      ),
    ),
  );

  /** The terminal has let us go: it has ended, or its sandbox has, or only the connection. */
  const explain = Effect.fnUntraced(
    function* (code: number) {
      if (code === closeCode.generationChanged) return sandboxEnded;
      const terminal = yield* Effect.catchTag(ptys.get(id), "TerminalGoneError", () => Effect.succeed(null));
      if (terminal?.status === "running") return broken;
      line.tell({ type: "exited", exitCode: terminal?.exitCode ?? null });
      return end(1000, "");
    },
    Effect.catch(({ _tag }) => Effect.succeed(_tag === "SandboxInterruptedError" ? sandboxEnded : broken)),
  );

  /** Sees to one signal; what it answers, if anything, ends the line. */
  const follow = Effect.fnUntraced(function* (given: Signal) {
    if (given.kind === "end") return given;
    if (given.kind === "released") return yield* explain(given.code);
    if (given.kind === "attach") return yield* attach;
    const size = line.takeSize();
    if (size !== null) yield* Effect.ignore(ptys.resize(id, size));
    return null;
  });

  const watch = right.pipe(
    Effect.repeat({ schedule: Schedule.spaced(lookEvery), while: (answer) => answer === "holds" }),
    Effect.map((answer) => signal(answer === "lost" ? lost : sandboxEnded)),
  );

  const serve = Effect.gen(function* () {
    const watching = yield* Effect.forkDetach(watch);
    signal({ kind: "attach" });
    let over: Signal | null = null;
    while (over?.kind !== "end") over = yield* follow(yield* Queue.take(signals));
    line.close(over.code, over.reason);
    yield* Fiber.interrupt(watching);
  });
  yield* Effect.forkDetach(serve);
  return new Response(null, { status: 101, webSocket: client });
});
