import { Schema } from "effect";
import { UserId } from "./ids.ts";
import { Role } from "./thread-token.ts";

/** How an access token of the identity provider is verified, wherever it is shown. */
export const accessToken = {
  alg: "RS256",
  /** Longest encoded token that is looked at, in bytes. */
  sizeBytesMax: 8192,
  /** Clock difference between issuer and verifier that is forgiven, in seconds. */
  skewSecondsMax: 60,
  /** What the header's `typ` may be, where it has one. */
  types: ["JWT", "at+jwt"],
  /** How long after a sign-in an admin's deeds are taken without another one, in seconds. */
  recentSecondsMax: 3600,
} as const;

/** Whoever makes a request, as the identity provider signed it. */
export const Viewer = Schema.Struct({ userId: UserId, role: Role });
export type Viewer = typeof Viewer.Type;
