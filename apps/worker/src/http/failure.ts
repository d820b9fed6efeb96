import { type ErrorTag, errorTable, isErrorTag, wireErrorBody } from "@threadbox/contracts/errors";
import { Schema } from "effect";
import { Subject } from "../platform/audit.ts";

/**
 * What a route needs to know of a slice's error: its row of the closed table and a sentence without internals. An
 * error without both does not compile in a route.
 */
export interface WireFailure {
  readonly _tag: string;
  readonly wireTag: ErrorTag;
  readonly message: string;
  /** Sent as `Retry-After` where present. */
  readonly retryAfterSeconds?: number | undefined;
  /** Who is refused, where a token has proved it. */
  readonly subject?: Subject | undefined;
}

/** A request that goes no further: its row of the table and the sentence of the slice that refuses say why. */
export class RefusedError extends Schema.TaggedError<RefusedError>()("RefusedError", {
  wireTag: Schema.declare(isErrorTag),
  message: Schema.String,
  subject: Schema.optionalKey(Subject),
}) {}

/** How one slice refuses, by tag. `subject`: who is refused, where a token has proved it. */
export const refuser =
  <Tag extends ErrorTag>(sentences: Readonly<Record<Tag, string>>) =>
  (wireTag: Tag, subject?: Subject): RefusedError =>
    new RefusedError({ wireTag, message: sentences[wireTag], ...(subject === undefined ? {} : { subject }) });

/** A refusal by the HTTP layer itself: router, carrier, origin, limits. */
export class RequestRefusedError extends Schema.TaggedError<RequestRefusedError>()("RequestRefusedError", {
  wireTag: Schema.Literals([
    "ValidationError",
    "PathRejected",
    "NotFound",
    "MethodNotAllowed",
    "BodyTooLarge",
    "OriginRejected",
    "CsrfRejected",
  ] satisfies ErrorTag[]),
  message: Schema.String,
}) {}

export const internalFailure: WireFailure = {
  _tag: "InternalFailure",
  wireTag: "Internal",
  message: "Something went wrong on our side.",
};

/** How long a caller should wait before it repeats a request that was refused with a 503. */
const retryAfterSecondsDefault = 2;

/** `beside`: what else the body says, for a reader with a form of its own. */
export const failureResponse = (
  failure: WireFailure,
  requestId: string,
  beside: (failure: WireFailure) => object = () => ({}),
): Response => {
  const { status } = errorTable[failure.wireTag];
  const headers = new Headers();
  const retryAfter = failure.retryAfterSeconds ?? (status === 503 ? retryAfterSecondsDefault : undefined);
  if (retryAfter !== undefined) headers.set("retry-after", String(retryAfter));
  const body = { ...beside(failure), ...wireErrorBody(failure.wireTag, failure.message, requestId) };
  return Response.json(body, { status, headers });
};
