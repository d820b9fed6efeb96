import type { ErrorTag } from "@threadbox/contracts/errors";

/** Why the server did not take a message. */
export interface SendFailure {
  readonly tag: ErrorTag;
  readonly message: string;
}

/**
 * A message of this device that the thread's server has not confirmed.
 * waiting → sending → (confirmed: gone) | failed; failed → waiting by Retry; sending → waiting when the socket closes.
 */
export interface OutgoingMessage {
  readonly id: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The sent message of which it is another version. */
  readonly siblingOf?: string;
  readonly state: "waiting" | "sending" | "failed";
  readonly failure?: SendFailure;
}
