import { Effect, Fiber, Schedule } from "effect";

/** Whatever lies between gives up a connection on which nothing is heard for minutes. */
const signOfLife = Schedule.spaced("15 seconds");

/** How long whoever has lost the stream waits before it asks for the rest; OpenCode's client asks twice. */
const retryMs = 15_000;

/**
 * An answer that may take minutes, as one event of a stream which gives signs of life until then. Whoever asked ends the work
 * by leaving. `name`: what it asks for the rest by, where the stream breaks.
 */
export const eventAnswer = Effect.fnUntraced(function* <R>(
  work: Effect.Effect<unknown, never, R>,
  name: string | null = null,
) {
  const services = yield* Effect.context<R>();
  const encoder = new TextEncoder();
  let running: Fiber.Fiber<void> | null = null;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      if (name !== null) send(`id: ${name}\nretry: ${retryMs}\ndata: \n\n`);
      const living = Effect.andThen(
        Effect.repeat(
          Effect.sync(() => send(": waiting\n\n")),
          signOfLife,
        ),
        Effect.never,
      );
      const answering = Effect.raceFirst(work, living).pipe(
        Effect.map((answer) => send(`event: message\ndata: ${JSON.stringify(answer)}\n\n`)),
        Effect.ensuring(Effect.sync(() => controller.close())),
      );
      running = Effect.runForkWith(services)(answering);
    },
    cancel: async () => {
      if (running !== null) await Effect.runPromise(Fiber.interrupt(running));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
});
