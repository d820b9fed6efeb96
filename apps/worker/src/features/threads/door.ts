import { ThreadId } from "@threadbox/contracts/ids";
import type { ThreadTokenClaims } from "@threadbox/contracts/thread-token";
import { Effect, Schema } from "effect";
import { RequestRefusedError } from "../../http/failure.ts";
import type { RouteRequest } from "../../http/route.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { ThreadAccess } from "./access.ts";
import { type Carrier, readToken } from "./carrier.ts";
import { refused } from "./errors.ts";
import { ThreadTokens } from "./thread-token.ts";

/** Who may use which thread, as proven by a verified token. */
export interface AuthorizedThread {
  readonly threadId: ThreadId;
  readonly userId: ThreadTokenClaims["user_id"];
  readonly role: ThreadTokenClaims["role"];
}

/** What the door needs to decide. */
export type ThreadDoor = ThreadTokens | ThreadAccess | RequestLimits;

const decodeThreadId = Schema.decodeUnknownEffect(ThreadId);

const asThreadId = (text: string | undefined) =>
  Effect.mapError(
    decodeThreadId(text),
    () => new RequestRefusedError({ wireTag: "PathRejected", message: "This address doesn't name a thread." }),
  );

/**
 * Lets a request through to its thread, or says why not; nothing of the thread is touched before the last step. What a
 * user asks for is counted as soon as a token has named them, so nobody uses up what is another's. The last step asks
 * Convex whether the thread still exists for this user. While Convex cannot be asked, the token alone counts: it is at
 * most five minutes old.
 */
const authorize = Effect.fnUntraced(function* (request: Request, named: ThreadId | null, carrier: Carrier) {
  const token = yield* Effect.fromResult(readToken(request, carrier));
  const tokens = yield* ThreadTokens;
  const claims = yield* tokens.verify(token);
  const subject = { userId: claims.user_id, threadId: claims.thread_id };
  const limits = yield* RequestLimits;
  yield* limits.admit(request.method === "GET" ? "read" : "command", subject);
  const threadId = named ?? subject.threadId;
  if (subject.threadId !== threadId) return yield* refused("ThreadScopeMismatch", subject);

  const access = yield* ThreadAccess;
  const isGranted = yield* access
    .isGranted(threadId, claims.user_id)
    .pipe(Effect.catchTag("AccessUnknownError", () => Effect.succeed(true)));
  if (!isGranted) return yield* refused("NotFound", subject);
  return { threadId, userId: claims.user_id, role: claims.role } satisfies AuthorizedThread;
});

/** The same for an address that names the thread. */
export const authorizeThread = Effect.fn("authorizeThread")(function* (
  { request, params }: RouteRequest,
  carrier: Carrier,
) {
  return yield* authorize(request, yield* asThreadId(params.threadId), carrier);
});

/** The same for an address that names none: the token's own thread is meant. */
export const authorizeOwnThread = Effect.fn("authorizeOwnThread")(function* ({ request }: RouteRequest) {
  return yield* authorize(request, null, "header");
});
