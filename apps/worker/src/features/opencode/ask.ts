import { Option, Predicate, Schema } from "effect";
import { wordLengthMax } from "./bounds.ts";

const Word = Schema.String.check(Schema.isMaxLength(wordLengthMax));
const agent = Schema.optionalKey(Word);
const Part = Schema.StructWithRest(Schema.Struct({ type: Word }), [Schema.Record(Schema.String, Schema.Unknown)]);
const Parts = Schema.Array(Part).check(Schema.isMaxLength(200));

/** What OpenCode's own page asks of a session, in OpenCode's words. Which model answers is not the page's to say. */
export const Ask = Schema.Union([
  /** A message: text, files, mentions of agents. */
  Schema.Struct({ kind: Schema.Literal("prompt"), parts: Parts, agent }),
  /** A slash command of OpenCode's or of the workspace's; OpenCode writes the prompt. */
  Schema.Struct({
    kind: Schema.Literal("command"),
    command: Word,
    arguments: Schema.String,
    parts: Schema.optionalKey(Parts),
    agent,
  }),
  /** A command of the shell that is run without a model. */
  Schema.Struct({ kind: Schema.Literal("shell"), command: Schema.String, agent }),
]);
export type Ask = typeof Ask.Type;

/** A message of OpenCode's: its id sorts by time. */
const PromptId = Schema.String.check(Schema.isPattern(/^msg_[A-Za-z0-9]{8,60}$/));
const decodeAsk = Schema.decodeUnknownOption(Ask);
const decodePromptId = Schema.decodeUnknownOption(PromptId);

/** Null for what cannot be read as such a call. `promptId` is the caller's; null where it names none. */
export const readAsk = (
  kind: Ask["kind"],
  body: unknown,
): { readonly ask: Ask; readonly promptId: string | null } | null => {
  if (!Predicate.isObject(body)) return null;
  const ask = Option.getOrNull(decodeAsk({ ...body, kind }));
  const given = Reflect.get(body, "messageID");
  const promptId = given === undefined ? null : Option.getOrNull(decodePromptId(given));
  return ask === null || (given !== undefined && promptId === null) ? null : { ask, promptId };
};

const partText = (part: (typeof Parts.Type)[number]): readonly string[] => {
  if (part.type === "text" && Predicate.isString(part.text)) return [part.text];
  // What the text mentions already stands in it.
  if (part.type !== "file" || !Predicate.isString(part.url) || !part.url.startsWith("data:")) return [];
  return [`[${Predicate.isString(part.filename) ? part.filename : "file"}]`];
};

/** What a person reads of it in the chat. */
export const askText = (ask: Ask): string => {
  if (ask.kind === "shell") return `!${ask.command}`;
  const parts = (ask.parts ?? []).flatMap(partText);
  return (ask.kind === "command" ? [`/${ask.command} ${ask.arguments}`.trimEnd(), ...parts] : parts).join("\n\n");
};
