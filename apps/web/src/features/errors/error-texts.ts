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
        text: withReference(
          "Your sign-in could not be confirmed here. You are still signed in, and your draft is saved.",
          details,
        ),
        action: "retry",
      };
    case "ThreadScopeMismatch":
    case "NotFound":
      return { text: "There is no such thread, or it is not yours.", action: "newThread" };
    case "Forbidden":
    case "CapabilityDenied":
      return { text: "You are not allowed to do this. Nothing changed." };
    case "OriginRejected":
    case "CsrfRejected":
      return { text: "This page is not allowed to do that. Open the app at its own address.", action: "reload" };
    case "SandboxStarting":
      return { text: "Starting your sandbox — usually 5–10 seconds." };
    case "SandboxInterrupted":
      return {
        text: "The sandbox restarted while working. Your files are safe; the last command may be unfinished.",
        action: "continue",
      };
    case "SandboxUnavailable":
      return {
        text: `${details.message ?? "Can’t start the sandbox right now."} Your messages are safe.`,
        action: "retry",
      };
    case "UpstreamTimeout":
      return { text: "The model did not answer in time. The partial answer is kept.", action: "retry" };
    case "UpstreamError":
      return {
        text: details.message ?? "The model’s service answered with an error. Your messages are safe.",
        action: "retry",
      };
    case "AnswerIncomplete":
      return { text: details.message ?? "The answer was cut off. What was written is kept.", action: "continue" };
    case "RateLimited":
      return { text: details.message || "Too many requests. Wait a moment; your message is kept.", action: "retry" };
    case "AlreadyRunning":
      return { text: "The thread is still working. Stop it first, or wait until it is done." };
    case "Conflict":
    case "VersionConflict":
      return { text: "This thread changed in another tab.", action: "reload" };
    case "StoreUnavailable":
      return { text: "The thread list can’t be reached right now. Nothing is lost.", action: "retry" };
    case "SecretUnavailable":
      return { text: "A required key is being replaced. Retrying…" };
    case "SecretRevoked":
    case "SecretsUnauthorized":
      return { text: "A key this thread needs is no longer valid. Ask an administrator to replace it." };
    case "ReauthRequired":
      return { text: "ChatGPT needs you to connect again. Nothing else changed." };
    case "CodeExpired":
      return { text: "The code expired. Nothing was connected." };
    case "QuotaExceeded":
      return { text: "A limit of this workspace is reached. Delete files or threads to go on." };
    case "BodyTooLarge":
      return { text: "This message is too long. Shorten it, or put the text into a file." };
    case "FileTypeRejected":
    case "ArchiveRejected":
      return { text: "This file can’t be taken. Nothing was changed." };
    case "PathRejected":
      return { text: "This path is outside the workspace. Nothing was changed." };
    case "UrlBlocked":
      return { text: "That address is not allowed from here (private network)." };
    case "SignedUrlInvalid":
    case "SignedUrlExpired":
      return { text: "This link is no longer valid.", action: "reload" };
    case "ProjectNotTrusted":
      return { text: "This repository wants to run commands at start. They are blocked." };
    case "CodemodeTimeout":
      return { text: "The program ran too long and was stopped.", action: "retry" };
    case "ValidationError":
      return { text: details.message ?? "This input can’t be used. Nothing was changed." };
    case "MethodNotAllowed":
    case "Internal":
      return {
        text: withReference("Something went wrong on our side. Your messages are safe.", details),
        action: "retry",
      };
  }
};
