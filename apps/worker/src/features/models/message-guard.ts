import { Predicate } from "effect";
import { inAnthropicWords } from "./anthropic-error.ts";
import { EventGuard, eventOf, noCallWords, parseEvent } from "./event-guard.ts";
import { field } from "./field.ts";
import { type ErrorBody, noModelWords, streamErrorBody, unusableAnswerBody } from "./upstream-error.ts";

/** What the guard acts on. What a model writes stands in escaped quotes, so this is found in the events' own fields alone. */
const telling = /"type"\s*:\s*"(?:error|message_start|message_delta|message_stop|tool_use|server_tool_use)"/;

const stopReasonIn = (event: unknown): unknown => field(field(event, "delta"), "stop_reason");

/** The guard of a streamed message of Anthropic's. */
export class MessageGuard extends EventGuard {
  #hasCall = false;

  protected isPlain(text: string): boolean {
    return !telling.test(text);
  }

  protected errorEvent(body: ErrorBody): string {
    return eventOf(JSON.stringify(inAnthropicWords(body)), "error");
  }

  protected override lastWord(): string {
    return eventOf('{"type":"message_stop"}', "message_stop");
  }

  protected read(data: string, name: string | undefined): void {
    const event = parseEvent(data);
    const type = field(event, "type");
    const refusal = this.#refusalOf(event, type);
    if (refusal !== null) {
      this.refuse(refusal);
      return;
    }
    this.isBegun = true;
    this.isEnded ||= type === "message_delta" && Predicate.isString(stopReasonIn(event));
    if (type === "message_stop") this.finish(eventOf(data, name));
    else this.pass(eventOf(data, name));
  }

  /** Why the answer leads nowhere; null: it goes on. */
  #refusalOf(event: unknown, type: unknown): ErrorBody | null {
    if (!Predicate.isString(type)) return unusableAnswerBody(noModelWords);
    if (type === "error") return streamErrorBody(field(event, "error"), this.key);
    this.#hasCall ||= field(field(event, "content_block"), "type") === "tool_use";
    const isCallMissing = type === "message_delta" && stopReasonIn(event) === "tool_use" && !this.#hasCall;
    return isCallMissing ? unusableAnswerBody(noCallWords) : null;
  }
}
