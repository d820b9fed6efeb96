import { Schema } from "effect";

/** The durable conversation. Its value is the Convex document id: lower-case letters and digits, 16 to 64 of them. */
export const ThreadId = Schema.String.check(Schema.isPattern(/^[a-z0-9]{16,64}$/)).pipe(Schema.brand("ThreadId"));
export type ThreadId = typeof ThreadId.Type;

/** The `sub` claim of the identity provider's access token. */
export const UserId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,128}$/)).pipe(Schema.brand("UserId"));
export type UserId = typeof UserId.Type;

/** Opaque keyed hash of a thread id (32 lower-case hex digits): names the sandbox without naming the thread. */
export const SandboxName = Schema.String.check(Schema.isPattern(/^[0-9a-f]{32}$/)).pipe(Schema.brand("SandboxName"));
export type SandboxName = typeof SandboxName.Type;

/** One authored entry in a thread. Chosen by whoever authors it; unique within the thread. */
export const MessageId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,128}$/)).pipe(
  Schema.brand("MessageId"),
);
export type MessageId = typeof MessageId.Type;

/** One cycle from user input to settled answer. */
export const TurnId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,128}$/)).pipe(Schema.brand("TurnId"));
export type TurnId = typeof TurnId.Type;

/** Counts the starts of one sandbox, from 1; a handle of an older generation is refused. */
export const Generation = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).pipe(Schema.brand("Generation"));
export type Generation = typeof Generation.Type;

/** A terminal of one sandbox, as the sandbox names it. */
export const TerminalId = Schema.String.check(Schema.isPattern(/^pty_[A-Za-z0-9]{1,64}$/)).pipe(
  Schema.brand("TerminalId"),
);
export type TerminalId = typeof TerminalId.Type;
