import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";
import { Subject } from "../../platform/audit.ts";

const refusals = {
  TokenMissing: "A thread token is required.",
  TokenMalformed: "This isn't a thread token.",
  TokenInvalid: "The thread token isn't valid.",
  TokenExpired: "The thread token has expired.",
  ThreadScopeMismatch: "The thread token is for another thread.",
  NotFound: "This thread doesn't exist, or you don't have access.",
} as const satisfies Partial<Record<ErrorTag, string>>;

export type ThreadRefusal = keyof typeof refusals;

/** The door stays shut. Says which rule of the contract is broken, and nothing about the thread. */
export class ThreadRefusedError extends Schema.TaggedError<ThreadRefusedError>()("ThreadRefusedError", {
  wireTag: Schema.Literals(Object.keys(refusals) as ThreadRefusal[]),
  subject: Schema.optionalKey(Subject),
}) {
  override get message() {
    return refusals[this.wireTag];
  }
}

export const refused = (wireTag: ThreadRefusal, subject?: Subject): ThreadRefusedError =>
  new ThreadRefusedError({ wireTag, ...(subject === undefined ? {} : { subject }) });
