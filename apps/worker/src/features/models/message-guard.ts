import { Predicate } from "effect";
import { createParser } from "eventsource-parser";
import { inAnthropicWords } from "./anthropic-error.ts";
import { EventBlocks } from "./event-blocks.ts";
import { field } from "./field.ts";
import type { StreamGuard } from "./guard-answer.ts";
import { brokenAnswerBody, noModelWords, streamErrorBody, unusableAnswerBody } from "./upstream-error.ts";

const brokenOffWords = "The model stopped partway through its answer.";
const noCallWords = "The model announced a tool call but didn't make it.";

/** What the guard acts on. What a model writes stands in escaped quotes, so this is found in the events' own fields alone. */
const telling = /"type"\s*:\s*"(?:error|message_start|message_delta|message_stop|tool_use|server_tool_use)"/;

const eventOf = (name: string, body: unknown): string => `event: ${name}\ndata: ${JSON.stringify(body)}\n\n`;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const stopReasonIn = (event: unknown): unknown => field(field(event, "delta"), "stop_reason");

/**
 * Reads a streamed message of Anthropic's on its way to OpenCode, which asks the model again after an answer that neither ends
 * nor calls a tool. Such an answer becomes an error that ends the turn, and an error in its middle loses its keys; everything
 * else passes as it is: events in which nothing tells are not even parsed.
 */
export class MessageGuard implements StreamGuard {
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  readonly #blocks = new EventBlocks();
  readonly #key: string;
  #out = "";
  #hasCall = false;
  #isBegun = false;
  /** A reason for its end was given. */
  #hasReason = false;
  #isOver = false;
  readonly #parser = createParser({
    onEvent: ({ event, data }) => this.#event(event, data),
    onComment: (comment) => this.#pass(`: ${comment}\n\n`),
  });

  constructor(key: string) {
    this.#key = key;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  take(bytes: Uint8Array): Uint8Array | null {
    const block = this.#blocks.take(bytes);
    if (block === null) return null;
    const text = this.#decoder.decode(block);
    if (this.#isBegun && !this.#isOver && !telling.test(text)) return block;
    this.#parser.feed(text);
    return this.#told();
  }

  end(): Uint8Array | null {
    this.#parser.feed(`${this.#decoder.decode(this.#blocks.rest())}\n\n`);
    if (this.#isOver) return this.#told();
    if (!this.#hasReason) return this.fail(brokenOffWords);
    this.#pass(eventOf("message_stop", { type: "message_stop" }));
    this.#isOver = true;
    return this.#told();
  }

  break(): Uint8Array | null {
    if (this.#hasReason) return this.end();
    this.#refuse(brokenAnswerBody());
    return this.#told();
  }

  fail(words: string): Uint8Array | null {
    this.#refuse(unusableAnswerBody(words));
    return this.#told();
  }

  #told(): Uint8Array | null {
    const told = this.#out;
    this.#out = "";
    return told === "" ? null : this.#encoder.encode(told);
  }

  #pass(text: string): void {
    if (!this.#isOver) this.#out += text;
  }

  #refuse(body: Parameters<typeof inAnthropicWords>[0]): void {
    this.#pass(eventOf("error", inAnthropicWords(body)));
    this.#isOver = true;
  }

  #event(name: string | undefined, data: string): void {
    const event = parse(data);
    const type = field(event, "type");
    const refusal = this.#refusalOf(event, type);
    if (refusal !== null) {
      this.#refuse(refusal);
      return;
    }
    this.#isBegun = true;
    this.#hasReason ||= type === "message_delta" && Predicate.isString(stopReasonIn(event));
    this.#pass(`${name === undefined ? "" : `event: ${name}\n`}data: ${data.replaceAll("\n", "\ndata: ")}\n\n`);
    if (type === "message_stop") this.#isOver = true;
  }

  /** Why the answer leads nowhere; null: it goes on. */
  #refusalOf(event: unknown, type: unknown): Parameters<typeof inAnthropicWords>[0] | null {
    if (!Predicate.isObject(event) || !Predicate.isString(type)) return unusableAnswerBody(noModelWords);
    if (type === "error") return streamErrorBody(field(event, "error"), this.#key);
    this.#hasCall ||= field(field(event, "content_block"), "type") === "tool_use";
    const isCallMissing = type === "message_delta" && stopReasonIn(event) === "tool_use" && !this.#hasCall;
    return isCallMissing ? unusableAnswerBody(noCallWords) : null;
  }
}
