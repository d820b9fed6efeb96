import type { ErrorTag } from "@threadbox/contracts/errors";
import type { MessageId } from "@threadbox/contracts/ids";
import { userTextBytesMax } from "@threadbox/contracts/limits";
import { queuedMessagesMax } from "@threadbox/contracts/live";
import type { Asked } from "./asked.ts";
import type { ChatSubmission } from "./frames.ts";

/** What the thread knows when a message arrives. */
export interface ThreadFacts {
  readonly isBusy: boolean;
  readonly queuedIds: readonly MessageId[];
  /** A user message of the transcript or of the queue; null where there is none of that id. */
  findAsked(id: MessageId): Asked | null;
  /** Whether the transcript holds a message of this id, whoever wrote it. */
  has(id: MessageId): boolean;
}

export type Intake =
  /** A new turn. `siblingOf`: the message beside which this one stands as another version. */
  | (Asked & { readonly kind: "turn"; readonly messageId: MessageId; readonly siblingOf: MessageId | null })
  /** The message is known already: it was sent again because its fate was not known. */
  | { readonly kind: "repeat" }
  | { readonly kind: "refuse"; readonly tag: ErrorTag; readonly message: string };

const refuse = (tag: ErrorTag, message: string): Intake => ({ kind: "refuse", tag, message });
const busy = refuse("AlreadyRunning", "Wait for the answer to finish, or stop it first.");
const unknown = refuse("Conflict", "This message is no longer in the thread.");

const refuseAsked = ({ text, attachments }: Asked): Intake | null => {
  if (text.trim() === "" && attachments.length === 0) return refuse("ValidationError", "The message is empty.");
  if (new TextEncoder().encode(text).length > userTextBytesMax) {
    return refuse("BodyTooLarge", "The message is too long.");
  }
  return null;
};

/**
 * What becomes of a chat request. Of the messages a client sends only its last one counts: the transcript is the
 * server's, and nothing is ever taken out of it. To ask again, or to edit, begins another branch.
 */
export const decideIntake = (submission: ChatSubmission, thread: ThreadFacts): Intake => {
  const { messageId, text, attachments, trigger, siblingOf } = submission;
  const known = thread.findAsked(messageId);
  if (trigger === "regenerate-message") {
    if (known === null || thread.queuedIds.includes(messageId)) return unknown;
    return thread.isBusy ? busy : { kind: "turn", messageId, ...known, siblingOf: null };
  }
  const bad = refuseAsked(submission);
  if (bad !== null) return bad;
  if (known?.text === text) return { kind: "repeat" };
  if (known !== null || thread.has(messageId)) return refuse("Conflict", "Another message already has this id.");
  if (siblingOf !== null) {
    if (thread.findAsked(siblingOf) === null || thread.queuedIds.includes(siblingOf)) return unknown;
    return thread.isBusy ? busy : { kind: "turn", messageId, text, attachments, siblingOf };
  }
  if (thread.queuedIds.length >= queuedMessagesMax)
    return refuse("RateLimited", "Too many messages are waiting. Wait for one to finish.");
  return { kind: "turn", messageId, text, attachments, siblingOf: null };
};
