import { failureWords, WireFailure } from "../errors/index.ts";
import { programsTexts as texts } from "./texts.ts";

const words = failureWords({
  saidByServer: new Set(["NotFound", "UpstreamError", "RateLimited", "QuotaExceeded"]),
  own: {},
  other: texts.actionFailed,
  reference: texts.reference,
});

/** What a person is told of something that failed. */
export const failureText = (error: unknown): string =>
  error instanceof WireFailure ? words(error) : texts.actionFailed;
