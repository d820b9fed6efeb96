import { accessToken } from "@threadbox/contracts/viewer";
import { Clock, Effect } from "effect";
import type { RouteRequest } from "../../http/route.ts";
import { RequestLimits } from "../../platform/request-limits.ts";
import { AccessTokens, type VerifiedAccess } from "./access-token.ts";
import { refused } from "./errors.ts";

/** What the door needs to decide. */
export type UserDoor = AccessTokens | RequestLimits;

const bearer = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/;

const readToken = Effect.fnUntraced(function* (request: Request) {
  const authorization = request.headers.get("authorization");
  if (authorization === null) return yield* refused("TokenMissing");
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined || token.length > accessToken.sizeBytesMax) return yield* refused("TokenMalformed");
  return token;
});

const verify = Effect.fnUntraced(function* (request: Request) {
  const token = yield* readToken(request);
  const tokens = yield* AccessTokens;
  const access = yield* tokens.verify(token);
  const limits = yield* RequestLimits;
  yield* limits.admit(request.method === "GET" ? "read" : "command", { userId: access.viewer.userId });
  return access;
});

/**
 * Whoever is signed in, as the access token in the `Authorization` header proves. For routes that concern no single
 * thread; what a user asks for is counted as at the thread's door.
 */
export const requireUser = Effect.fn("requireUser")(function* ({ request }: RouteRequest) {
  const { viewer } = yield* verify(request);
  return viewer;
});

const verifyAdmin = Effect.fnUntraced(function* (request: Request) {
  const access = yield* verify(request);
  if (access.viewer.role !== "admin") return yield* refused("Forbidden", { userId: access.viewer.userId });
  return access;
});

/** Whoever the identity provider calls an admin: for what is only looked at. */
export const requireAdmin = Effect.fn("requireAdmin")(function* ({ request }: RouteRequest) {
  const { viewer } = yield* verifyAdmin(request);
  return viewer;
});

const requireRecent = Effect.fnUntraced(function* ({ viewer, signedInAt }: VerifiedAccess) {
  const now = yield* Clock.currentTimeMillis;
  if (now / 1000 - signedInAt > accessToken.recentSecondsMax)
    return yield* refused("ReauthRequired", { userId: viewer.userId });
  return viewer;
});

/** An admin who has signed in within the last hour. */
export const requireRecentAdmin = Effect.fn("requireRecentAdmin")(function* ({ request }: RouteRequest) {
  return yield* requireRecent(yield* verifyAdmin(request));
});

/** Anybody who has signed in within the last hour. */
export const requireRecentUser = Effect.fn("requireRecentUser")(function* ({ request }: RouteRequest) {
  return yield* requireRecent(yield* verify(request));
});
