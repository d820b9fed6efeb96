import { errorText, type WireFailure } from "../errors/index.ts";

/** What a person is told of a call on files that failed. */
export const fileErrorText = (failure: WireFailure): string => {
  switch (failure.tag) {
    case "NotFound":
      return "It isn’t there any more.";
    case "VersionConflict":
    case "PathRejected":
    case "BodyTooLarge":
    case "QuotaExceeded":
      return failure.message;
    case "SandboxInterrupted":
      return "The sandbox restarted. Try again.";
    default:
      return errorText(failure.tag, failure).text;
  }
};
