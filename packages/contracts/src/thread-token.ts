import { Schema } from "effect";
import { ThreadId, UserId } from "./ids.ts";

/** The short-lived JWT for one thread: issued by the web server, verified by the worker before anything else. */
export const threadToken = {
  alg: "ES256",
  typ: "thread+jwt",
  issuer: "threadbox-web",
  audience: "threadbox-worker",
  /** Longest `exp - iat` a verifier accepts, in seconds. */
  lifetimeSecondsMax: 300,
  /** Clock difference between issuer and verifier that is forgiven, in seconds. */
  skewSecondsMax: 60,
  /** Longest encoded token that is looked at, in bytes. */
  sizeBytesMax: 8192,
  /** Query parameter that carries the token on WebSocket routes and on the transcript read beside them. */
  queryParameter: "token",
} as const;

export const Role = Schema.Literals(["admin", "member"]);
export type Role = typeof Role.Type;

export const ThreadTokenClaims = Schema.Struct({
  iss: Schema.Literal(threadToken.issuer),
  aud: Schema.Literal(threadToken.audience),
  thread_id: ThreadId,
  user_id: UserId,
  role: Role,
  /** Seconds since 1970. */
  iat: Schema.Int,
  /** Seconds since 1970. */
  exp: Schema.Int,
  jti: Schema.NonEmptyString,
});
export type ThreadTokenClaims = typeof ThreadTokenClaims.Type;

/** What the web server hands to the page. */
export const IssuedThreadToken = Schema.Struct({
  token: Schema.NonEmptyString,
  /** Seconds the token still lives when it is handed out; the page counts by its own monotonic clock. */
  expiresInSeconds: Schema.Int,
});
export type IssuedThreadToken = typeof IssuedThreadToken.Type;
