import { ThreadId } from "@threadbox/contracts/ids";
import type { IssuedThreadToken } from "@threadbox/contracts/thread-token";
import { Schema } from "effect";
import { createRemoteJWKSet, type JWTVerifyGetKey } from "jose";
import type { WebConfig } from "../config.ts";
import { type VerifiedAccess, verifyAccess } from "./access-token.ts";
import { TokenRefusal } from "./refusal.ts";
import { signThreadToken } from "./signed-token.ts";
import { requireThread } from "./thread-access.ts";

/** What issuing needs from outside. */
export interface IssuePorts {
  readonly verifyAccess: (authorization: string | null) => Promise<VerifiedAccess>;
  /** Throws `NotFound` unless the thread is the user's. */
  readonly requireThread: (accessToken: string, threadId: ThreadId) => Promise<void>;
  readonly privateJwk: string;
  readonly now: () => number;
}

export interface IssueRequest {
  readonly threadId: unknown;
  /** The `Authorization` header. */
  readonly authorization: string | null;
}

/** Session first, then the thread's form, then ownership; nothing is signed before all three. Throws `TokenRefusal`. */
export const issueThreadToken = async (request: IssueRequest, ports: IssuePorts): Promise<IssuedThreadToken> => {
  const { viewer, accessToken } = await ports.verifyAccess(request.authorization);
  if (!Schema.is(ThreadId)(request.threadId)) throw new TokenRefusal("ValidationError", "This isn't a thread.");
  await ports.requireThread(accessToken, request.threadId);
  return await signThreadToken(
    { threadId: request.threadId, ...viewer },
    { privateJwk: ports.privateJwk, now: ports.now(), tokenId: crypto.randomUUID() },
  );
};

/** Key sets are fetched once and kept by jose; a configuration outlives every request. */
const keySets = new WeakMap<WebConfig, JWTVerifyGetKey>();

const keySetOf = (config: WebConfig): JWTVerifyGetKey => {
  const known = keySets.get(config);
  if (known !== undefined) return known;
  const keys = createRemoteJWKSet(new URL(config.accessTokens.jwksUrl), { timeoutDuration: 5_000 });
  keySets.set(config, keys);
  return keys;
};

export const issuePorts = (config: WebConfig): IssuePorts => ({
  verifyAccess: (authorization) => verifyAccess(authorization, config.accessTokens, keySetOf(config)),
  requireThread: (accessToken, threadId) => requireThread(config.convexUrl, accessToken, threadId),
  privateJwk: config.threadTokenPrivateJwk,
  now: Date.now,
});
