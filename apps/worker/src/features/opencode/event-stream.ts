import { Effect, Option, Schedule } from "effect";
import { createParser } from "eventsource-parser";
import type { SandboxClient, SandboxError } from "../sandbox/index.ts";
import { withDirectory } from "./client.ts";
import { OpenCodeSilentError } from "./errors.ts";
import { decodeEvent, type OpenCodeEvent } from "./wire.ts";

/** OpenCode sends a heartbeat every 10 s; a stream on which nothing arrives for this long is lost, whatever TCP says. */
const silenceMax = "25 seconds";
/** How long the answer to opening the stream may take. */
const openMax = "5 seconds";

export type StreamNews =
  /** The stream is open: from here on no event is missed. */
  | { readonly kind: "opened" }
  | { readonly kind: "event"; readonly event: OpenCodeEvent }
  /** The stream broke; events may be missed until it is open again. */
  | { readonly kind: "lost" };

const readEvent = (text: string): OpenCodeEvent | null => {
  try {
    return Option.getOrNull(decodeEvent(JSON.parse(text)));
  } catch {
    return null;
  }
};

const silent = (cause: unknown) => new OpenCodeSilentError({ call: "event", cause: String(cause) });

type Listener = (news: StreamNews) => void;

const open = Effect.fnUntraced(function* (sandbox: SandboxClient, signal: AbortSignal) {
  const response = yield* sandbox.fetch(withDirectory("/event"), { signal, headers: { accept: "text/event-stream" } });
  if (!response.ok || response.body === null) return yield* silent(`status ${response.status}`);
  return response.body.getReader();
});

/** Reads one connection until it breaks, ends or falls silent. Ends with how it was lost. */
const readOnce = (
  sandbox: SandboxClient,
  listener: Listener,
): Effect.Effect<never, SandboxError | OpenCodeSilentError> =>
  Effect.acquireUseRelease(
    Effect.sync(() => new AbortController()),
    Effect.fnUntraced(function* (control) {
      const reader = yield* open(sandbox, control.signal).pipe(
        Effect.timeoutOrElse({ duration: openMax, orElse: () => Effect.fail(silent("no answer")) }),
      );
      const decoder = new TextDecoder();
      const parser = createParser({
        onEvent: ({ data }) => {
          const event = readEvent(data);
          if (event === null) return;
          listener(event.type === "server.connected" ? { kind: "opened" } : { kind: "event", event });
        },
      });
      for (;;) {
        const piece = yield* Effect.tryPromise({ try: () => reader.read(), catch: silent }).pipe(
          Effect.timeoutOrElse({ duration: silenceMax, orElse: () => Effect.fail(silent("silence")) }),
        );
        if (piece.done) return yield* silent("the stream ended");
        parser.feed(decoder.decode(piece.value, { stream: true }));
      }
    }),
    (control) => Effect.sync(() => control.abort()),
  );

const isGone = (error: SandboxError | OpenCodeSilentError): boolean =>
  error._tag === "SandboxInterruptedError" || error._tag === "SandboxNotFoundError";

const pauses = Schedule.jittered(Schedule.spaced("400 millis"));

/**
 * Follows OpenCode's events and reopens the stream whenever it is lost; learning what was missed is up to the listener.
 * Ends only when the sandbox of this sandbox is gone for good.
 */
export const followEvents = (
  sandbox: SandboxClient,
  listener: Listener,
): Effect.Effect<never, SandboxError | OpenCodeSilentError> =>
  readOnce(sandbox, listener).pipe(
    Effect.tapError(() => Effect.sync(() => listener({ kind: "lost" }))),
    Effect.retry({ schedule: pauses, while: (error) => !isGone(error) }),
  );
