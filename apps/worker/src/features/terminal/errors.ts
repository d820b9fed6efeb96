import { terminalLimits } from "@threadbox/contracts/terminal-limits";
import { Schema } from "effect";

/** The program in OpenCode's place did not answer in time, or with something else than it should. */
export class TerminalSilentError extends Schema.TaggedError<TerminalSilentError>()("TerminalSilentError", {
  cause: Schema.optionalKey(Schema.String),
}) {
  readonly wireTag = "SandboxUnavailable" as const;
  override get message() {
    return "Can't reach the sandbox's terminals.";
  }
}

/** The sandbox that runs has no such terminal. */
export class TerminalGoneError extends Schema.TaggedError<TerminalGoneError>()("TerminalGoneError", {}) {
  readonly wireTag = "NotFound" as const;
  override get message() {
    return "This terminal isn't there any more.";
  }
}

/** As many terminals run as may. */
export class TerminalsFullError extends Schema.TaggedError<TerminalsFullError>()("TerminalsFullError", {}) {
  readonly wireTag = "ValidationError" as const;
  override get message() {
    return `${terminalLimits.runningMax} terminals are open. Close one first.`;
  }
}
