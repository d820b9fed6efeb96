import { Predicate } from "effect";
import { createParser } from "eventsource-parser";
import { EventBlocks } from "./event-blocks.ts";
import { field } from "./field.ts";
import { ChunkMender, firstChoice } from "./mend-chunks.ts";
import { brokenAnswerBody, noModelWords, streamErrorBody, unusableAnswerBody } from "./upstream-error.ts";

/** Finish reasons that OpenCode ends or goes on by. A reason it does not know it takes for none, and asks again. */
const finishReasons: ReadonlySet<unknown> = new Set([
  "stop",
  "length",
  "content_filter",
  "tool_calls",
  "function_call",
]);

const brokenOffWords = "The model stopped partway through its answer.";
const noCallWords = "The model announced a tool call but didn't make it.";

const eventOf = (body: unknown): string => `data: ${JSON.stringify(body)}\n\n`;
const sameEvent = (data: string): string => `data: ${data.replaceAll("\n", "\ndata: ")}\n\n`;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Chunks and comments of one line each, as every common provider writes them. */
const plainEvents = /^(?:(?:data: ?\{[^\r\n]*\}|:[^\r\n]*)(?:\r?\n){2})+$/;
/** What the guard acts on: an error, an end, and the end's reason. Text that a model writes stands in escaped quotes. */
const telling = /"error"|\[DONE\]|"finish_reason"\s*:\s*[^n\s]/;
const callMark = '"tool_calls"';
/** In the first piece of a call. */
const callBeginning = '"name"';

/**
 * Reads a streamed chat completion on its way to OpenCode, which calls the model again, and again, after an answer that
 * neither ends nor calls a tool. Such an answer becomes an error that ends the turn; a provider's error in the middle
 * loses its keys; chunks that `ChunkMender` puts right are written anew; everything else passes as it is: bytes in which nothing tells are not even parsed.
 */
export class AnswerGuard {
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  readonly #blocks = new EventBlocks();
  readonly #key: string | null;
  readonly #mender: ChunkMender;
  #out = "";
  #hasCall = false;
  /** Whether the answer has begun as a model's. */
  #isBegun = false;
  #isFinished = false;
  #isOver = false;
  readonly #parser = createParser({
    onEvent: ({ data }) => this.#event(data),
    onComment: (comment) => this.#pass(`: ${comment}\n\n`),
  });

  /** `knownIds`: of the tool calls in the conversation so far. */
  constructor(key: string | null, knownIds: () => readonly string[]) {
    this.#key = key;
    this.#mender = new ChunkMender(knownIds);
  }

  /** Nothing more of the answer is of use. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What OpenCode is told of these bytes; null for nothing yet. */
  take(bytes: Uint8Array): Uint8Array | null {
    const block = this.#blocks.take(bytes);
    if (block === null) return null;
    const text = this.#decoder.decode(block);
    if (this.#isPlain(text)) return block;
    this.#parser.feed(text);
    return this.#told();
  }

  /** What OpenCode is told when the answer ends here. */
  end(): Uint8Array | null {
    this.#parser.feed(`${this.#decoder.decode(this.#blocks.rest())}\n\n`);
    this.#passHeld();
    if (!this.#isFinished) return this.fail(brokenOffWords);
    this.#isOver = true;
    return this.#told();
  }

  /** What OpenCode is told when the connection breaks here: enough to ask once more, where anything was still to come. */
  break(): Uint8Array | null {
    if (this.#isFinished) return this.end();
    this.#passHeld();
    this.#refuse(brokenAnswerBody());
    return this.#told();
  }

  /** Whether nothing in these events is of the guard's concern. */
  #isPlain(text: string): boolean {
    if (!this.#isBegun || this.#isOver || this.#mender.readsText || telling.test(text)) return false;
    return (!text.includes(callMark) || this.#isPlainCall(text)) && plainEvents.test(text);
  }

  #isPlainCall(text: string): boolean {
    return this.#hasCall && !this.#mender.readsCalls && !text.includes(callBeginning);
  }

  /** Ends the answer with an error in words of ours. */
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

  #refuse(body: unknown): void {
    this.#pass(eventOf(body));
    this.#isFinished = true;
    this.#isOver = true;
  }

  #event(data: string): void {
    if (data.trim() === "[DONE]") {
      this.#done();
      return;
    }
    const chunk = parse(data);
    const error = field(chunk, "error");
    this.#isBegun ||= Predicate.isObject(chunk);
    if (!Predicate.isObject(chunk)) this.#refuse(unusableAnswerBody(noModelWords));
    else if (error !== undefined && error !== null) this.#refuse(streamErrorBody(error, this.#key));
    else this.#chunk(chunk, data);
  }

  #chunk(chunk: object, data: string): void {
    const mended = this.#mender.take(chunk);
    if (mended === null) this.#pass(this.#checked(chunk, data));
    else for (const each of mended) this.#pass(this.#checked(each, JSON.stringify(each)));
  }

  #passHeld(): void {
    for (const each of this.#mender.end()) this.#pass(eventOf(each));
  }

  /** The event of this chunk; an error where the chunk ends the answer in a way that leads nowhere. */
  #checked(chunk: object, data: string): string {
    const choice = firstChoice(chunk);
    const calls = field(field(choice, "delta"), "tool_calls");
    this.#hasCall ||= Array.isArray(calls) && calls.length > 0;
    const reason = field(choice, "finish_reason");
    const asItIs = sameEvent(data);
    if (!Predicate.isObject(choice) || reason === undefined || reason === null) return asItIs;
    this.#isFinished = true;
    if (reason === "tool_calls" && !this.#hasCall) {
      this.#refuse(unusableAnswerBody(noCallWords));
      return "";
    }
    if (finishReasons.has(reason)) return asItIs;
    return eventOf({ ...chunk, choices: [{ ...choice, finish_reason: this.#natural() }] });
  }

  #natural(): string {
    return this.#hasCall ? "tool_calls" : "stop";
  }

  /** Some endpoints say that they are done, but not why. */
  #done(): void {
    this.#passHeld();
    if (!this.#isFinished) {
      this.#pass(eventOf({ choices: [{ index: 0, delta: {}, finish_reason: this.#natural() }] }));
    }
    this.#isFinished = true;
    this.#pass("data: [DONE]\n\n");
  }
}
