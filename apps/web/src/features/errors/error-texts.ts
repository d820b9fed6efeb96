import type { ErrorTag } from "@threadbox/contracts/errors";

/** What a person can do about an error; the place that shows it decides how. */
export type ErrorAction = "retry" | "restart" | "continue" | "reload" | "newThread";

export interface ErrorText {
  /** What happened, then what is safe. */
  readonly text: string;
  readonly action?: ErrorAction;
}

export interface ErrorDetails {
  /** What the server said; shown only where it is written for people. */
  readonly message?: string;
  /** What support can look the failure up by. */
  readonly requestId?: string | undefined;
}

/** The first and last characters are enough to find one request in the logs of a day. */
export const shortReference = (requestId: string): string =>
  `${requestId.slice(0, 4)}-${requestId.slice(-4)}`.toUpperCase();

const withReference = (text: string, { requestId }: ErrorDetails): string =>
  requestId === undefined ? text : `${text} Reference ${shortReference(requestId)}.`;

/** Exhaustive: a tag without a text does not compile. */
export const errorText = (tag: ErrorTag, details: ErrorDetails = {}): ErrorText => {
  switch (tag) {
    case "TokenMissing":
    case "TokenExpired":
    case "TokenInvalid":
    case "TokenMalformed":
    case "SignatureInvalid":
      // Whether the session has ended is for the identity provider to say; the page then leads to sign-in by itself.
      return {
        text: withReference("Couldn’t confirm your sign-in. You’re still signed in, and your draft is saved.", details),
        action: "retry",
      };
    case "ThreadScopeMismatch":
    case "NotFound":
      return { text: "This thread doesn’t exist, or you don’t have access.", action: "newThread" };
    case "Forbidden":
    case "CapabilityDenied":
      return { text: "You don’t have permission to do this." };
    case "OriginRejected":
    case "CsrfRejected":
      return { text: "This address can’t do that. Open Threadbox at its own address.", action: "reload" };
    case "SandboxStarting":
      return { text: "Starting your sandbox — usually 5–10 seconds." };
    case "SandboxInterrupted":
      return {
        text: "The sandbox restarted while working. Your files are safe; the last command may be unfinished.",
        action: "continue",
      };
    case "SandboxUnavailable":
      return {
        text: `${details.message || "Can’t start the sandbox right now."} Your messages are safe.`,
        action: "retry",
      };
    case "UpstreamTimeout":
      return { text: "The model took too long. The partial answer is saved.", action: "retry" };
    case "UpstreamError":
      return {
        text: details.message || "The model provider returned an error. Your messages are safe.",
        action: "retry",
      };
    case "AnswerIncomplete":
      return { text: details.message || "The answer was cut off. The partial answer is saved.", action: "continue" };
    case "RateLimited":
      return { text: details.message || "Too many requests. Wait a moment. Your message is saved.", action: "retry" };
    case "AlreadyRunning":
      return { text: "This thread is still working. Stop it, or wait for it to finish." };
    case "Conflict":
    case "VersionConflict":
      return { text: "This thread changed in another tab.", action: "reload" };
    case "StoreUnavailable":
      return { text: "Can’t reach the database. Your messages are safe.", action: "retry" };
    case "SecretUnavailable":
      return { text: "A required key is being replaced. Retrying…" };
    case "SecretRevoked":
    case "SecretsUnauthorized":
      return { text: "A key this thread needs no longer works. Ask an admin to replace it." };
    case "ReauthRequired":
      return { text: "ChatGPT needs you to connect again. Nothing else changed." };
    case "CodeExpired":
      return { text: "The code expired. Nothing was connected." };
    case "QuotaExceeded":
      return { text: "You’ve reached a workspace limit. Delete files or threads to continue." };
    case "BodyTooLarge":
      return { text: "This message is too long. Shorten it, or put the text in a file." };
    case "FileTypeRejected":
    case "ArchiveRejected":
      return { text: "This file type isn’t supported." };
    case "PathRejected":
      return { text: "This path is outside the workspace." };
    case "UrlBlocked":
      return { text: "This address is on a private network and can’t be used here." };
    case "SignedUrlInvalid":
    case "SignedUrlExpired":
      return { text: "This link has expired.", action: "reload" };
    case "ProjectNotTrusted":
      return { text: "This repository wants to run commands when it opens. They’re blocked." };
    case "CodemodeTimeout":
      return { text: "The program took too long and was stopped.", action: "retry" };
    case "ValidationError":
      return { text: details.message || "This input isn’t valid." };
    case "MethodNotAllowed":
    case "Internal":
      return {
        text: withReference("Something went wrong on our side. Your messages are safe.", details),
        action: "retry",
      };
  }
};
