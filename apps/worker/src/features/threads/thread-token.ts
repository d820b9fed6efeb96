import { readCompactToken } from "@threadbox/contracts/compact-token";
import { type ThreadTokenClaims, threadToken } from "@threadbox/contracts/thread-token";
import { Clock, Context, Effect, Layer, Schema } from "effect";
import { compactVerify, importJWK, type JWK } from "jose";
import { WorkerConfig } from "../../config.ts";
import type { RefusedError } from "../../http/failure.ts";
import { judgeClaims } from "./claims.ts";
import { refused } from "./errors.ts";

export interface ThreadTokensShape {
  /** Checks signature, pins and times of a token in compact form. Makes no request of any kind. */
  verify(token: string): Effect.Effect<ThreadTokenClaims, RefusedError>;
}

export class ThreadTokens extends Context.Service<ThreadTokens, ThreadTokensShape>()(
  "threadbox/worker/threads/ThreadTokens",
) {}

const PublicJwk = Schema.Struct({
  kty: Schema.Literal("EC"),
  crv: Schema.Literal("P-256"),
  x: Schema.String,
  y: Schema.String,
  kid: Schema.NonEmptyString,
});
const JwkSet = Schema.fromJsonString(Schema.Struct({ keys: Schema.NonEmptyArray(PublicJwk) }));
const decodeJwkSet = Schema.decodeUnknownEffect(JwkSet);

/** The kids of this set are the accepted ones; where keys come from is never taken from a token. */
const verifyWith = async (keys: ReadonlyMap<string, JWK>, token: string): Promise<unknown> => {
  const read = readCompactToken(token);
  if (read === null) throw refused("TokenInvalid");
  const { kid, typ } = read.header;
  const key = typeof kid === "string" ? keys.get(kid) : undefined;
  if (key === undefined || typ !== threadToken.typ) throw refused("TokenInvalid");
  await compactVerify(token, await importJWK(key, threadToken.alg), { algorithms: [threadToken.alg] });
  return read.payload;
};

/** A key set that cannot be read is a fault of the configuration: a defect. */
export const threadTokensLayer: Layer.Layer<ThreadTokens, never, WorkerConfig> = Layer.effect(
  ThreadTokens,
  Effect.gen(function* () {
    const config = yield* WorkerConfig;
    const { keys } = yield* Effect.orDie(decodeJwkSet(config.threadTokenJwks));
    const byKid = new Map<string, JWK>(keys.map((key) => [key.kid, { ...key }]));
    return {
      verify: Effect.fnUntraced(function* (token) {
        const now = Math.floor((yield* Clock.currentTimeMillis) / 1000);
        const payload = yield* Effect.tryPromise({
          try: () => verifyWith(byKid, token),
          catch: () => refused("TokenInvalid"),
        });
        return yield* Effect.fromResult(judgeClaims(payload, now));
      }),
    };
  }),
);
