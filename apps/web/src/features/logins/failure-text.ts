import type { ErrorTag } from "@threadbox/contracts/errors";
import type { WireFailure } from "../errors/index.ts";
import { loginTexts } from "./texts.ts";

const { failures } = loginTexts;

/** Of these the worker's own sentence is the one to read. */
const saidByWorker: ReadonlySet<ErrorTag> = new Set([
  "SandboxUnavailable",
  "QuotaExceeded",
  "Conflict",
  "ValidationError",
]);

const own: Partial<Readonly<Record<ErrorTag, string>>> = {
  RateLimited: failures.tooMany,
  UpstreamTimeout: failures.unreachable,
  NotFound: failures.gone,
  TokenExpired: failures.signedOut,
  TokenInvalid: failures.signedOut,
};

/** What a person reads of a failure; one that nobody foresaw carries what support looks it up by. */
export const failureText = ({ tag, message, requestId }: WireFailure): string => {
  if (saidByWorker.has(tag) && message !== "") return message;
  const reference = requestId === undefined ? "" : ` ${loginTexts.reference(requestId.slice(0, 8))}`;
  return own[tag] ?? `${failures.other}${reference}`;
};
