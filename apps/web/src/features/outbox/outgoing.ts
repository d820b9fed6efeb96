import type { AttachmentPart } from "@threadbox/contracts/attachments";
import type { ErrorTag } from "@threadbox/contracts/errors";

/**
 * A file that goes with a message, as the message's part. Its address names it in the thread's workspace or, until it has
 * arrived there, on this device (`device:…`).
 */
export type Attached = AttachmentPart;

/** Why the server did not take a message. */
export interface SendFailure {
  readonly tag: ErrorTag;
  readonly message: string;
}

/**
 * A message of this device that the thread's server has not confirmed.
 * It waits until its files are in the workspace.
 * waiting → sending → (confirmed: gone) | failed; failed → waiting by Retry; sending → waiting when the socket closes.
 */
export interface OutgoingMessage {
  readonly id: string;
  readonly text: string;
  readonly attached?: readonly Attached[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The sent message of which it is another version. */
  readonly siblingOf?: string;
  readonly state: "waiting" | "sending" | "failed";
  readonly failure?: SendFailure;
}
