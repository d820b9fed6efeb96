import { Predicate } from "effect";
import { CallIds } from "./call-ids.ts";
import { field } from "./field.ts";
import { type TextPiece, ThinkingTags } from "./thinking-tags.ts";

/** The one choice of a chunk; undefined in a chunk without any, such as that of the usage. */
export const firstChoice = (chunk: unknown): unknown => {
  const choices = field(chunk, "choices");
  return Array.isArray(choices) ? choices[0] : undefined;
};

const textChunk = (chunk: object, { kind, text }: TextPiece): object => {
  const { usage: _, ...stamp } = { usage: null, ...chunk };
  const delta = kind === "reasoning" ? { reasoning_content: text } : { content: text };
  return { ...stamp, choices: [{ index: 0, delta, finish_reason: null }] };
};

const isText = (value: unknown): value is string => Predicate.isString(value) && value !== "";

/** Puts right what models that are almost compatible write into their chunks. */
export class ChunkMender {
  readonly #tags = new ThinkingTags();
  readonly #ids: CallIds;

  /** `knownIds`: of the tool calls in the conversation so far. */
  constructor(knownIds: () => readonly string[]) {
    this.#ids = new CallIds(knownIds);
  }

  /** The text may still turn out to be thought. */
  get readsText(): boolean {
    return !this.#tags.isPlain;
  }

  /** Every piece of a tool call has to be seen, not only its first. */
  get readsCalls(): boolean {
    return this.#ids.hasMended;
  }

  /** The chunks that OpenCode gets for this one; null where that is the chunk itself. */
  take(chunk: object): readonly object[] | null {
    const choice = firstChoice(chunk);
    const delta = field(choice, "delta");
    if (!Predicate.isObject(choice) || !Predicate.isObject(delta)) return null;
    const given = field(delta, "tool_calls");
    const calls = Array.isArray(given) ? this.#ids.take(given) : given;
    const pieces = this.#pieces(delta, field(choice, "finish_reason"));
    if (pieces === null && calls === given) return null;
    const { content, ...rest } = { content: undefined, ...delta };
    const kept = pieces === null && content !== undefined ? { content } : {};
    const mended = { ...rest, ...kept, ...(calls === given ? {} : { tool_calls: calls }) };
    return [
      ...(pieces ?? []).map((piece) => textChunk(chunk, piece)),
      { ...chunk, choices: [{ ...choice, delta: mended }] },
    ];
  }

  /** What is still to be told when no more chunks follow. */
  end(): readonly object[] {
    return this.#tags.end().map((piece) => textChunk({}, piece));
  }

  /** The text of this chunk, and what of earlier text is held back no longer; null where the text is as it should be. */
  #pieces(delta: object, reason: unknown): readonly TextPiece[] | null {
    if (this.#tags.isPlain) return null;
    const content = field(delta, "content");
    const text = isText(content) ? content : "";
    const isOver = isText(reason) || Array.isArray(field(delta, "tool_calls"));
    const hasOwnReasoning = isText(field(delta, "reasoning_content")) || isText(field(delta, "reasoning"));
    if (text === "" && !isOver && !hasOwnReasoning) return null;
    const told = [...this.#tags.take(text), ...(isOver || hasOwnReasoning ? this.#tags.end() : [])];
    const [first] = told;
    const isAsGiven = told.length === 1 && first?.kind === "content" && first.text === text;
    return isAsGiven || (told.length === 0 && text === "") ? null : told;
  }
}
