import { Predicate } from "effect";
import { EventGuard, eventOf, noCallWords, parseEvent } from "./event-guard.ts";
import { field } from "./field.ts";
import { ChunkMender, firstChoice } from "./mend-chunks.ts";
import { type ErrorBody, noModelWords, streamErrorBody, unusableAnswerBody } from "./upstream-error.ts";

/** Finish reasons that OpenCode ends or goes on by. A reason it does not know it takes for none, and asks again. */
const finishReasons: ReadonlySet<unknown> = new Set([
  "stop",
  "length",
  "content_filter",
  "tool_calls",
  "function_call",
]);

const chunkEvent = (body: unknown): string => eventOf(JSON.stringify(body));

/** Chunks and comments of one line each, as every common provider writes them. */
const plainEvents = /^(?:(?:data: ?\{[^\r\n]*\}|:[^\r\n]*)(?:\r?\n){2})+$/;
/** What the guard acts on: an error, an end, and the end's reason. Text that a model writes stands in escaped quotes. */
const telling = /"error"|\[DONE\]|"finish_reason"\s*:\s*[^n\s]/;
const callMark = '"tool_calls"';
/** In the first piece of a call. */
const callBeginning = '"name"';

/** The guard of a streamed chat completion. Chunks that `ChunkMender` puts right are written anew. */
export class AnswerGuard extends EventGuard {
  readonly #mender: ChunkMender;
  #hasCall = false;

  /** `knownIds`: of the tool calls in the conversation so far. */
  constructor(key: string | null, knownIds: () => readonly string[]) {
    super(key);
    this.#mender = new ChunkMender(knownIds);
  }

  protected isPlain(text: string): boolean {
    if (this.#mender.readsText || telling.test(text)) return false;
    return (!text.includes(callMark) || this.#isPlainCall(text)) && plainEvents.test(text);
  }

  #isPlainCall(text: string): boolean {
    return this.#hasCall && !this.#mender.readsCalls && !text.includes(callBeginning);
  }

  protected errorEvent(body: ErrorBody): string {
    return chunkEvent(body);
  }

  protected override held(): string {
    return this.#mender.end().map(chunkEvent).join("");
  }

  protected read(data: string): void {
    if (data.trim() === "[DONE]") {
      this.#done();
      return;
    }
    const chunk = parseEvent(data);
    const error = field(chunk, "error");
    this.isBegun ||= Predicate.isObject(chunk);
    if (!Predicate.isObject(chunk)) this.refuse(unusableAnswerBody(noModelWords));
    else if (error !== undefined && error !== null) this.refuse(streamErrorBody(error, this.key));
    else this.#chunk(chunk, data);
  }

  #chunk(chunk: object, data: string): void {
    const mended = this.#mender.take(chunk);
    if (mended === null) this.pass(this.#checked(chunk, data));
    else for (const each of mended) this.pass(this.#checked(each, JSON.stringify(each)));
  }

  /** The event of this chunk; an error where the chunk ends the answer in a way that leads nowhere. */
  #checked(chunk: object, data: string): string {
    const choice = firstChoice(chunk);
    const calls = field(field(choice, "delta"), "tool_calls");
    this.#hasCall ||= Array.isArray(calls) && calls.length > 0;
    const reason = field(choice, "finish_reason");
    const asItIs = eventOf(data);
    if (!Predicate.isObject(choice) || reason === undefined || reason === null) return asItIs;
    this.isEnded = true;
    if (reason === "tool_calls" && !this.#hasCall) {
      this.refuse(unusableAnswerBody(noCallWords));
      return "";
    }
    if (finishReasons.has(reason)) return asItIs;
    return chunkEvent({ ...chunk, choices: [{ ...choice, finish_reason: this.#natural() }] });
  }

  #natural(): string {
    return this.#hasCall ? "tool_calls" : "stop";
  }

  /** Some endpoints say that they are done, but not why. */
  #done(): void {
    this.pass(this.held());
    if (!this.isEnded) {
      this.pass(chunkEvent({ choices: [{ index: 0, delta: {}, finish_reason: this.#natural() }] }));
    }
    this.isEnded = true;
    this.pass("data: [DONE]\n\n");
  }
}
