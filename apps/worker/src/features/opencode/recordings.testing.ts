import { Option, Schema } from "effect";
import { decodeEvent, OpenCodeEntry, type OpenCodeEvent } from "./wire.ts";

/** What a real OpenCode sent (`scripts/opencode/record.ts`), in the order in which it was seen. */
export type RecordedLine =
  | { readonly kind: "event"; readonly raw: unknown; readonly event: OpenCodeEvent | null }
  | { readonly kind: "call"; readonly call: Readonly<Record<string, unknown>> }
  | { readonly kind: "messages"; readonly entries: readonly OpenCodeEntry[] };

const Line = Schema.fromJsonString(
  Schema.Union([
    Schema.Struct({ event: Schema.Unknown }),
    Schema.Struct({ call: Schema.Record(Schema.String, Schema.Unknown) }),
    Schema.Struct({ messages: Schema.Array(OpenCodeEntry) }),
  ]),
);
const decodeLine = Schema.decodeUnknownSync(Line);

const toLine = (text: string): RecordedLine => {
  const line = decodeLine(text);
  if ("event" in line) {
    return { kind: "event", raw: line.event, event: Option.getOrNull(decodeEvent(line.event)) };
  }
  return "call" in line ? { kind: "call", call: line.call } : { kind: "messages", entries: line.messages };
};

export interface Recording {
  readonly name: string;
  readonly lines: readonly RecordedLine[];
  /** Ids of the prompts, in order. */
  readonly prompts: readonly string[];
  readonly events: readonly OpenCodeEvent[];
  /** The session's messages after all is done. */
  readonly final: readonly OpenCodeEntry[];
}

const toRecording = (name: string, text: string): Recording => {
  const lines = text.trim().split("\n").map(toLine);
  const entries = lines.flatMap((line) => (line.kind === "messages" ? [line.entries] : []));
  return {
    name,
    lines,
    prompts: lines.flatMap((line) =>
      line.kind === "call" && "messageID" in line.call ? [String(line.call.messageID)] : [],
    ),
    events: lines.flatMap((line) => (line.kind === "event" && line.event !== null ? [line.event] : [])),
    final: entries.at(-1) ?? [],
  };
};

export type Recordings = ReadonlyMap<string, Recording>;

/** Reads recordings by file name. */
export const readRecordings = (files: Readonly<Record<string, string>>): Recordings =>
  new Map(
    Object.entries(files).map(([path, text]) => {
      const name = path.replace(/^.*\/|\.jsonl$/g, "");
      return [name, toRecording(name, text)];
    }),
  );
