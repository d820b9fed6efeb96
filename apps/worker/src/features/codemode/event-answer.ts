import { Effect, Fiber, Schedule } from "effect";

/** Whatever lies between gives up a connection on which nothing is heard for minutes. */
const signOfLife = Schedule.spaced("15 seconds");

/**
 * An answer that may take minutes, as one event of a stream which gives signs of life until then. Whoever asked ends the work
 * by leaving.
 */
export const eventAnswer = Effect.fnUntraced(function* <R>(work: Effect.Effect<unknown, never, R>) {
  const services = yield* Effect.context<R>();
  const encoder = new TextEncoder();
  let running: Fiber.Fiber<void> | null = null;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
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
