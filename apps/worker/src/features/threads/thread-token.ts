import { type ThreadTokenClaims, threadToken } from "@threadbox/contracts/thread-token";
import { Clock, Context, Effect, Layer, Schema } from "effect";
import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from "jose";
import { WorkerConfig } from "../../config.ts";
import { judgeClaims } from "./claims.ts";
import { refused, type ThreadRefusedError } from "./errors.ts";

export interface ThreadTokensShape {
  /** Checks signature, pins and times of a token in compact form. Makes no request of any kind. */
  verify(token: string): Effect.Effect<ThreadTokenClaims, ThreadRefusedError>;
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

const payloadText = new TextDecoder();

/** The kids of this set are the accepted ones; where keys come from is never taken from a token. */
const verifyWith = async (keys: ReadonlyMap<string, JWK>, token: string): Promise<unknown> => {
  const header = decodeProtectedHeader(token);
  const key = typeof header.kid === "string" ? keys.get(header.kid) : undefined;
  if (key === undefined || header.typ !== threadToken.typ) throw refused("TokenInvalid");
  const { payload } = await compactVerify(token, await importJWK(key, threadToken.alg), {
    algorithms: [threadToken.alg],
  });
  return JSON.parse(payloadText.decode(payload)) as unknown;
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
