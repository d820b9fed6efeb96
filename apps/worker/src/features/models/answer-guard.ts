import { Predicate } from "effect";
import { createParser } from "eventsource-parser";
import { noModelWords, streamErrorBody, unusableAnswerBody } from "./upstream-error.ts";

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

const field = (value: unknown, name: string): unknown => (Predicate.hasProperty(value, name) ? value[name] : undefined);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const firstChoice = (chunk: unknown): unknown => {
  const choices = field(chunk, "choices");
  return Array.isArray(choices) ? choices[0] : undefined;
};

/**
 * Reads a streamed chat completion on its way to OpenCode, which calls the model again, and again, after an answer that
 * neither ends nor calls a tool. Such an answer becomes an error that ends the turn; a provider's error in the middle
 * loses its keys; everything else passes as it is.
 */
export class AnswerGuard {
  readonly #decoder = new TextDecoder();
  readonly #key: string | null;
  #out = "";
  #hasCall = false;
  #isFinished = false;
  #isOver = false;
  readonly #parser = createParser({
    onEvent: ({ data }) => this.#event(data),
    onComment: (comment) => this.#pass(`: ${comment}\n\n`),
  });

  constructor(key: string | null) {
    this.#key = key;
  }

  /** Nothing more of the answer is of use. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What OpenCode is told of these bytes. */
  take(bytes: Uint8Array): string {
    this.#parser.feed(this.#decoder.decode(bytes, { stream: true }));
    return this.#told();
  }

  /** What OpenCode is told when the answer ends here. */
  end(): string {
    this.#parser.feed("\n\n");
    if (!this.#isFinished) return this.fail(brokenOffWords);
    this.#isOver = true;
    return this.#told();
  }

  /** Ends the answer with an error in words of ours. */
  fail(words: string): string {
    this.#refuse(unusableAnswerBody(words));
    return this.#told();
  }

  #told(): string {
    const told = this.#out;
    this.#out = "";
    return told;
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
    if (!Predicate.isObject(chunk)) this.#refuse(unusableAnswerBody(noModelWords));
    else if (error !== undefined && error !== null) this.#refuse(streamErrorBody(error, this.#key));
    else this.#pass(this.#checked(chunk, data));
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
    if (!this.#isFinished) {
      this.#pass(eventOf({ choices: [{ index: 0, delta: {}, finish_reason: this.#natural() }] }));
    }
    this.#isFinished = true;
    this.#pass("data: [DONE]\n\n");
  }
}
