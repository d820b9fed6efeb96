import type { Readable } from "node:stream";
import { Result, Schema } from "effect";

const OpenCodeEnd = Schema.Struct({
  event: Schema.Literal("ended"),
  code: Schema.NullOr(Schema.Int),
  signal: Schema.NullOr(Schema.String),
  tail: Schema.Array(Schema.String),
});
export type OpenCodeEnd = typeof OpenCodeEnd.Type;

const Event = Schema.Union([
  Schema.Struct({ event: Schema.Literal("up") }),
  Schema.Struct({ event: Schema.Literal("listening") }),
  OpenCodeEnd,
]);

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(Event));
const lineBytesMax = 64 * 1024;

/** What the supervisor has told so far, and promises of what it will tell. */
export interface SupervisorChannel {
  readonly isUp: Promise<void>;
  readonly isListening: Promise<void>;
  /** Undefined until OpenCode has ended and the supervisor could still say so. */
  openCodeEnd(): OpenCodeEnd | undefined;
}

/** Reads the supervisor's lines; `onViolation` is called when they are not of its language. */
export const readSupervisor = (stdout: Readable, onViolation: () => void): SupervisorChannel => {
  const up = Promise.withResolvers<void>();
  const listening = Promise.withResolvers<void>();
  let end: OpenCodeEnd | undefined;
  let pending = "";
  stdout.setEncoding("utf8");
  stdout.on("data", (text: string) => {
    const lines = (pending + text).split("\n");
    pending = lines.pop() ?? "";
    if (pending.length > lineBytesMax) onViolation();
    for (const line of lines) {
      const decoded = decode(line);
      if (Result.isFailure(decoded)) onViolation();
      else if (decoded.success.event === "up") up.resolve();
      else if (decoded.success.event === "listening") listening.resolve();
      else end = decoded.success;
    }
  });
  return { isUp: up.promise, isListening: listening.promise, openCodeEnd: () => end };
};

/** Keeps the last part of a stream as text. */
export const keepTail = (stream: Readable, lengthMax: number): (() => string) => {
  let tail = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    tail = (tail + text).slice(-lengthMax);
  });
  return () => tail;
};
