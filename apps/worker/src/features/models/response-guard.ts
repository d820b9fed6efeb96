import { Predicate } from "effect";
import { readModelRefusal } from "../opencode/index.ts";
import { EventGuard, eventOf, parseEvent } from "./event-guard.ts";
import { field } from "./field.ts";
import { type ErrorBody, noModelWords, streamErrorBody, unusableAnswerBody } from "./upstream-error.ts";

/** What the guard acts on. What a model writes stands in escaped quotes, so this is found in the events' own fields alone. */
const telling = /"type"\s*:\s*"(?:error|response\.(?:completed|incomplete|failed))"/;

/** Refusals after which it is of use to ask again. */
const passing: ReadonlySet<unknown> = new Set(["broken", "fault", "limit"]);
const tooLong = "context_length_exceeded";

/** By the code OpenCode decides whether it asks again, shortens the conversation, or ends the turn. */
const codeOf = ({ error: { message, code } }: ErrorBody): string => {
  if (code === tooLong) return tooLong;
  return passing.has(readModelRefusal(message).refusal?.kind) ? "server_error" : "invalid_prompt";
};

/** The guard of a streamed response of OpenAI's. */
export class ResponseGuard extends EventGuard {
  protected isPlain(text: string): boolean {
    return !telling.test(text);
  }

  protected errorEvent(body: ErrorBody): string {
    const error = { type: body.error.type, code: codeOf(body), message: body.error.message, param: null };
    return eventOf(JSON.stringify({ type: "error", sequence_number: 0, error }), "error");
  }

  protected read(data: string, name: string | undefined): void {
    const event = parseEvent(data);
    const type = field(event, "type");
    if (!Predicate.isString(type)) this.refuse(unusableAnswerBody(noModelWords));
    else if (type === "error") this.refuse(streamErrorBody(field(event, "error") ?? event, this.key));
    else if (type === "response.failed")
      this.refuse(streamErrorBody(field(field(event, "response"), "error"), this.key));
    else if (type === "response.completed" || type === "response.incomplete") this.finish(eventOf(data, name));
    else this.pass(eventOf(data, name));
    this.isBegun = true;
  }
}
