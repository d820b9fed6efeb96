import { failureWords, WireFailure } from "../errors/index.ts";
import { previewTexts } from "./preview-texts.ts";

const words = failureWords({
  saidByServer: new Set(["Conflict", "CapabilityDenied", "RateLimited"]),
  own: {},
  other: previewTexts.linkFailed,
  reference: previewTexts.reference,
});

/** What a person reads when a preview link could not be made or revoked. */
export const linkFailureText = (error: unknown): string =>
  error instanceof WireFailure ? words(error) : previewTexts.linkFailed;
