import { failureWords, WireFailure } from "../errors/index.ts";
import { approvalTexts as texts } from "./texts.ts";

const words = failureWords({
  saidByServer: new Set(["NotFound", "UpstreamError", "RateLimited"]),
  own: {},
  other: texts.sendFailed,
  reference: texts.reference,
});

/** What a person is told of an answer that didn't get through. */
export const failureText = (error: unknown): string => (error instanceof WireFailure ? words(error) : texts.sendFailed);
