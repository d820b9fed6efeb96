import { Clock, Effect, Option, Schedule } from "effect";
import { createParser } from "eventsource-parser";
import { isDeeperThan } from "../../platform/json-depth.ts";
import type { SandboxClient, SandboxError } from "../sandbox/index.ts";
import { jsonDepthMax } from "./bounds.ts";
import { OpenCodeExcessError, type OpenCodeSilentError } from "./errors.ts";
import { EventCutter } from "./event-cutter.ts";
import { StreamMeter } from "./meter.ts";
import { type OpenEvents, openEvents, silentEvents } from "./open-events.ts";
import { decodeEvent, isOfInterest, type OpenCodeEvent } from "./wire.ts";

/** After so many events whatever comes from other sandboxes gets its turn. */
const eventsInOneGo = 32;

const afterOthers = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)));

/** OpenCode sends a heartbeat every 10 s; a stream on which nothing arrives for this long is lost, whatever TCP says. */
const silenceMax = "25 seconds";

export type StreamNews =
  /** The stream is open: from here on no event is missed. */
  | { readonly kind: "opened" }
  /** `length`: of the event as it was sent, in UTF-16 units. */
  | { readonly kind: "event"; readonly event: OpenCodeEvent; readonly length: number }
  /** The stream broke; events may be missed until it is open again. */
  | { readonly kind: "lost" };

export interface StreamListener {
  readonly hear: (news: StreamNews) => void;
  /** Succeeds when everything heard so far has been dealt with: before that nothing more is read. */
  readonly caughtUp: Effect.Effect<void>;
}

type StreamError = SandboxError | OpenCodeSilentError | OpenCodeExcessError;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Throws OpenCodeExcessError. */
const readEvent = (text: string): OpenCodeEvent | null => {
  if (!isOfInterest(text)) return null;
  if (isDeeperThan(text, jsonDepthMax)) throw new OpenCodeExcessError({ excess: "depth" });
  return Option.getOrNull(decodeEvent(parse(text)));
};

const excessOr = (cause: unknown) => (cause instanceof OpenCodeExcessError ? cause : silentEvents(cause));

/** Reads one connection until it breaks, ends or falls silent. Ends with how it was lost. */
const readOnce = (
  opening: Effect.Effect<OpenEvents, SandboxError | OpenCodeSilentError>,
  { hear, caughtUp }: StreamListener,
  meter: StreamMeter,
): Effect.Effect<never, StreamError> =>
  Effect.acquireUseRelease(
    opening,
    Effect.fnUntraced(function* (events) {
      const cutter = new EventCutter();
      let heard = 0;
      const parser = createParser({
        onEvent: ({ data }) => {
          const event = readEvent(data);
          if (event === null) return;
          if (event.type !== "server.heartbeat") heard++;
          hear(event.type === "server.connected" ? { kind: "opened" } : { kind: "event", event, length: data.length });
        },
      });
      const feed = (pieces: readonly string[], from: number): number => {
        let at = from;
        while (at < pieces.length && heard < eventsInOneGo) parser.feed(pieces[at++] ?? "");
        return at;
      };
      for (;;) {
        const piece = yield* Effect.tryPromise({ try: () => events.read(), catch: silentEvents }).pipe(
          Effect.timeoutOrElse({ duration: silenceMax, orElse: () => Effect.fail(silentEvents("silence")) }),
        );
        if (piece.done) return yield* silentEvents("the stream ended");
        const now = yield* Clock.currentTimeMillis;
        const { pieces, waitMs } = yield* Effect.try({
          try: () => {
            const pieces = cutter.take(piece.value);
            return { pieces, waitMs: meter.take(pieces.length, piece.value.byteLength, now) };
          },
          catch: excessOr,
        });
        for (let at = 0; at < pieces.length; ) {
          if (heard >= eventsInOneGo) {
            heard = 0;
            yield* caughtUp;
            yield* afterOthers;
          }
          at = yield* Effect.try({ try: () => feed(pieces, at), catch: excessOr });
        }
        yield* caughtUp;
        if (waitMs > 0) yield* Effect.sleep(waitMs);
      }
    }),
    (events) => Effect.sync(events.close),
  );

const isFinal = (error: StreamError): boolean =>
  error._tag === "SandboxInterruptedError" ||
  error._tag === "SandboxNotFoundError" ||
  error._tag === "OpenCodeExcessError";

const pauses = Schedule.jittered(Schedule.spaced("400 millis"));

/**
 * Follows OpenCode's events and reopens the stream whenever it is lost; learning what was missed is up to the listener.
 * `open`: a connection that is open already, of which nothing has been missed. Ends only when the sandbox of this sandbox is
 * gone for good, or sends more than it may.
 */
export const followEvents = (
  sandbox: SandboxClient,
  listener: StreamListener,
  open: OpenEvents | null = null,
): Effect.Effect<never, StreamError> =>
  Effect.suspend(() => {
    const meter = new StreamMeter();
    let first = open;
    const opening = Effect.suspend(() => {
      const events = first;
      first = null;
      if (events === null) return openEvents(sandbox);
      listener.hear({ kind: "opened" });
      return Effect.succeed(events);
    });
    return readOnce(opening, listener, meter).pipe(
      Effect.tapError(() => Effect.sync(() => listener.hear({ kind: "lost" }))),
      Effect.retry({ schedule: pauses, while: (error) => !isFinal(error) }),
    );
  });
