import { Schema } from "effect";

/** Git inside the sandbox did not answer in time, or with something else than it should. */
export class ChangesUnreadableError extends Schema.TaggedError<ChangesUnreadableError>()("ChangesUnreadableError", {
  isTimedOut: Schema.Boolean,
}) {
  readonly wireTag = "SandboxUnavailable" as const;
  override get message() {
    return this.isTimedOut ? "Comparing the files takes too long." : "The files can't be compared right now.";
  }
}

/** What should be accepted isn't what is open any more. */
export class AcceptConflictError extends Schema.TaggedError<AcceptConflictError>()("AcceptConflictError", {}) {
  readonly wireTag = "VersionConflict" as const;
  override get message() {
    return "These changes are different by now. Look at them again.";
  }
}
