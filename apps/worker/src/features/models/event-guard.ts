import { createParser } from "eventsource-parser";
import { EventBlocks } from "./event-blocks.ts";
import type { StreamGuard } from "./guard-answer.ts";
import { brokenAnswerBody, type ErrorBody, unusableAnswerBody } from "./upstream-error.ts";

export const noCallWords = "The model announced a tool call but didn't make it.";
const brokenOffWords = "The model stopped partway through its answer.";

/** A server-sent event of these data, as a provider would write it. */
export const eventOf = (data: string, name?: string): string =>
  `${name === undefined ? "" : `event: ${name}\n`}data: ${data.replaceAll("\n", "\ndata: ")}\n\n`;

export const parseEvent = (data: string): unknown => {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
};

/**
 * Reads a streamed answer on its way to OpenCode, which calls the model again, and again, after an answer that neither ends nor
 * calls a tool. Such an answer becomes an error that ends the turn, and a provider's error in its middle loses its keys. Who
 * extends it knows one provider's words; everything that those don't touch passes as it is, and isn't even parsed.
 */
export abstract class EventGuard implements StreamGuard {
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  readonly #blocks = new EventBlocks();
  readonly #parser = createParser({
    onEvent: ({ data, event }) => this.read(data, event),
    onComment: (comment) => this.pass(`: ${comment}\n\n`),
  });
  /** What no error of the provider's may repeat. */
  protected readonly key: string | null;
  #out = "";
  #isOver = false;
  /** Whether the answer has begun as a model's. */
  protected isBegun = false;
  /** Whether the model has said that it ends, or why. */
  protected isEnded = false;

  constructor(key: string | null) {
    this.key = key;
  }

  /** Whether nothing in these events, of an answer that has begun, is of the guard's concern. */
  protected abstract isPlain(text: string): boolean;
  /** Takes an event: passes it on, or something in its place. */
  protected abstract read(data: string, name: string | undefined): void;
  protected abstract errorEvent(body: ErrorBody): string;
  /** What was held back of an answer that stops here. */
  protected held(): string {
    return "";
  }
  /** What is still to be said of an answer that the model has ended. */
  protected lastWord(): string {
    return "";
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  take(bytes: Uint8Array): Uint8Array | null {
    const block = this.#blocks.take(bytes);
    if (block === null) return null;
    const text = this.#decoder.decode(block);
    if (this.isBegun && !this.#isOver && this.isPlain(text)) return block;
    this.#parser.feed(text);
    return this.#told();
  }

  end(): Uint8Array | null {
    this.#parser.feed(`${this.#decoder.decode(this.#blocks.rest())}\n\n`);
    if (this.#isOver) return this.#told();
    this.pass(this.held());
    if (!this.isEnded) return this.fail(brokenOffWords);
    this.finish(this.lastWord());
    return this.#told();
  }

  /** Where anything was still to come OpenCode is told enough to ask once more. */
  break(): Uint8Array | null {
    if (this.isEnded) return this.end();
    this.pass(this.held());
    this.refuse(brokenAnswerBody());
    return this.#told();
  }

  fail(words: string): Uint8Array | null {
    this.refuse(unusableAnswerBody(words));
    return this.#told();
  }

  protected pass(text: string): void {
    if (!this.#isOver) this.#out += text;
  }

  /** Passes that on, and nothing after it. */
  protected finish(text: string): void {
    this.pass(text);
    this.#isOver = true;
  }

  protected refuse(body: ErrorBody): void {
    this.finish(this.errorEvent(body));
  }

  #told(): Uint8Array | null {
    const told = this.#out;
    this.#out = "";
    return told === "" ? null : this.#encoder.encode(told);
  }
}
