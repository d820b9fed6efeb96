import type { ErrorTag } from "@threadbox/contracts/errors";
import { Schema } from "effect";
import { Subject } from "./audit.ts";

/** What a person is told who has asked too often. */
export const waitSentence = (waitMs: number): string => {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return `Too many requests. Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`;
};

/** A user has made more requests than the limit allows. */
export class RateLimitedError extends Schema.TaggedError<RateLimitedError>()("RateLimitedError", {
  retryAfterSeconds: Schema.Int,
  subject: Subject,
}) {
  readonly wireTag: ErrorTag = "RateLimited";
  override get message() {
    return waitSentence(this.retryAfterSeconds * 1000);
  }
}
