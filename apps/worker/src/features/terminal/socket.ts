import { closeCode } from "@threadbox/contracts/errors";
import type { TerminalId } from "@threadbox/contracts/ids";
import { Clock, Deferred, Effect, Fiber, Schedule } from "effect";
import type { Ptys } from "./pty.ts";
import { end, type LineEnd, TerminalLine } from "./terminal-line.ts";

/** How often the right to an open terminal is looked at, and how often it is said that its sandbox is in use. */
const [lookEvery, useEvery] = ["2 seconds", "15 seconds"] as const;
/** Longest reason of a close, in characters: 123 bytes fit, and a sentence of ours is plain. */
const reasonLengthMax = 120;
/** How the server of the terminals closes a socket to one that it does not have, or has no longer. */
const noTerminalCode = 4404;

export type Right = "holds" | "lost" | "sandboxEnded";

export interface TerminalSocketOptions {
  readonly ptys: Ptys;
  readonly id: TerminalId;
  /** From which position the page wants the output. */
  readonly position: number;
  /** Whether the page may go on, asked again and again while it is there. */
  readonly right: Effect.Effect<Right>;
  /** Keeps the sandbox awake for a while. */
  readonly use: Effect.Effect<unknown, unknown>;
}

const lost = end(closeCode.auth, "You don't have access to this thread any more.");
const sandboxEnded = end(closeCode.generationChanged, "The sandbox was restarted or went to sleep.");

/** How a page's socket is closed when the terminal has let go of it. What a sandbox says of that goes no further. */
const explain = (line: TerminalLine, { code }: LineEnd): LineEnd => {
  if (code === closeCode.generationChanged) return sandboxEnded;
  if (code === noTerminalCode) line.tell({ type: "exited", exitCode: null });
  return code === 1000 || code === noTerminalCode ? end(1000, "") : end(closeCode.upstream, "");
};

/** Joins a page to a terminal; it ends with the terminal, with the right to it, or when the page goes. */
export const openTerminalSocket = Effect.fn("openTerminalSocket")(function* (options: TerminalSocketOptions) {
  const { ptys, id, position, right, use } = options;
  const over = yield* Deferred.make<LineEnd>();
  const [client, page] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
  const clock = yield* Clock.Clock;
  const line = new TerminalLine(
    page,
    (given) => void Deferred.doneUnsafe(over, Effect.succeed(given)),
    () => clock.currentTimeMillisUnsafe(),
  );

  const attach = ptys.connect(id, position).pipe(
    Effect.map((terminal) => line.take(terminal)),
    Effect.catch(({ _tag, message }) =>
      Deferred.succeed(
        over,
        _tag === "SandboxInterruptedError" ? sandboxEnded : end(closeCode.upstream, message.slice(0, reasonLengthMax)),
      ),
    ),
  );
  const watch = right.pipe(
    Effect.repeat({ schedule: Schedule.spaced(lookEvery), while: (answer) => answer === "holds" }),
    Effect.flatMap((answer) => Deferred.succeed(over, answer === "lost" ? lost : sandboxEnded)),
  );

  const serve = Effect.gen(function* () {
    const watching = [
      yield* Effect.forkDetach(watch),
      yield* Effect.forkDetach(Effect.repeat(Effect.ignore(use), Schedule.spaced(useEvery))),
    ];
    yield* attach;
    const given = yield* Deferred.await(over);
    const { code, reason } = given.kind === "released" ? explain(line, given) : given;
    line.close(code, reason);
    yield* Fiber.interruptAll(watching);
  });
  yield* Effect.forkDetach(serve);
  return new Response(null, { status: 101, webSocket: client });
});
